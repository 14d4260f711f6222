using System.Globalization;
using ScoreCam.IO;

namespace ScoreCam;

/// <summary>The names of a network's classes, by index. Immutable and thread-safe.</summary>
public sealed class ClassLabels
{
    private const string NamePrefix = "name:";
    private readonly string[] _names;

    /// <summary>Takes the names in order of index.</summary>
    /// <exception cref="ArgumentException">There are no names, or one of them is null.</exception>
    public ClassLabels(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = names.ToArray();
        if (_names.Length == 0)
            throw new ArgumentException("There are no class names; give at least one.", nameof(names));
        int missing = Array.IndexOf(_names, null!);
        if (missing >= 0)
            throw new ArgumentException($"The name of class {missing} is null; every class needs a name.", nameof(names));
    }

    /// <summary>Number of classes, at least 1.</summary>
    public int Count => _names.Length;

    /// <summary>Name of a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such class: the index is negative, or not below <see cref="Count"/>.</exception>
    public string this[int index] =>
        (uint)index < (uint)_names.Length ? _names[index] : throw new ArgumentOutOfRangeException(nameof(index), NoSuchIndex(index));

    /// <summary>Names <c>class 0</c>, <c>class 1</c>, … for a network without labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public static ClassLabels Numbered(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new(Enumerable.Range(0, count).Select(i => $"class {i}"));
    }

    /// <summary>
    /// Finds a class: by its exact name, then by any of its comma-separated synonyms, ignoring case. A number is an
    /// index; <c>name:7</c> forces the name "7".
    /// </summary>
    /// <exception cref="ArgumentException">No such class (the message suggests near ones), or several of that name (it lists their indices).</exception>
    public int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("The class name is empty; expected a name or an index.", nameof(name));
        string wanted = name.Trim();
        bool named = wanted.StartsWith(NamePrefix, StringComparison.OrdinalIgnoreCase);
        if (named)
            wanted = wanted[NamePrefix.Length..].Trim();
        else if (IsNumber(wanted))
            return int.TryParse(wanted, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index) && (uint)index < (uint)Count
                ? index
                : throw new ArgumentOutOfRangeException(nameof(name), NoSuchIndex(wanted));

        int[] found = IndicesWhere(candidate => candidate == wanted);
        if (found.Length == 0)
            found = IndicesWhere(candidate => Synonyms(candidate).Contains(wanted, StringComparer.OrdinalIgnoreCase));
        return found switch
        {
            [int only] => only,
            [] => throw new ArgumentException($"There is no class '{wanted}' among the {Count}{Suggestion.DidYouMean(wanted, _names.SelectMany(Synonyms)) ?? "."}", nameof(name)),
            _ => throw new ArgumentException($"'{wanted}' names several classes: {Listed(found)}; give the index of the one that is meant.", nameof(name)),
        };
    }

    /// <summary>
    /// Reads labels from a UTF-8 file. Text: one name per line, in order of index, or <c>index name</c> on every line, or
    /// <c>n01440764 name</c> on every line. JSON: an array of names, an index → name object, or a <c>config.json</c> with
    /// <c>id2label</c>; a name may also be a pair <c>["n01440764", "tench"]</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A larger file is refused before it is read. Default: 16 MiB.</param>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">Not such a file, an index is missing or stands twice (the message says which), or it is larger than <paramref name="maxBytes"/>.</exception>
    public static ClassLabels Load(string path, int maxBytes = LimitedReader.SidecarBytes) => LabelFile.Load(path, maxBytes);

    /// <summary>Reads labels from the contents of such a file as <see cref="Load"/> takes.</summary>
    /// <exception cref="InvalidDataException">Not such contents, or an index is missing or stands twice (the message says which).</exception>
    public static ClassLabels Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LabelFile.Parse(text);
    }

    private static bool IsNumber(string text) => text.TrimStart('+', '-') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit);

    private static string[] Synonyms(string name) => name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private int[] IndicesWhere(Func<string, bool> matches) => Enumerable.Range(0, Count).Where(i => matches(_names[i])).ToArray();

    private string Listed(int[] indices)
    {
        string shown = string.Join(", ", indices.Take(10).Select(i => $"{i} ({_names[i]})"));
        return indices.Length > 10 ? $"{shown}, … ({indices.Length} in all)" : shown;
    }

    private string NoSuchIndex(object index) => $"There is no class {index}: the classes are 0 to {Count - 1}.";
}
