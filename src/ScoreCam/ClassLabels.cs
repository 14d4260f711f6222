using System.Globalization;
using ScoreCam.IO;

namespace ScoreCam;

/// <summary>The names of a network's classes, by index. Immutable and thread-safe.</summary>
public sealed class ClassLabels
{
    private const string NamePrefix = "name:";
    private const int MaxListed = 10;

    // A shorter text is part of too many names.
    private const int MinContained = 3;

    private readonly string[] _names;

    /// <summary>Creates labels from names in order of index.</summary>
    /// <exception cref="ArgumentException">There are no names, or one of them is null.</exception>
    public ClassLabels(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = [.. names];
        if (_names.Length == 0)
            throw new ArgumentException("There are no class names; give at least one.", nameof(names));
        int missing = Array.IndexOf(_names, null!);
        if (missing >= 0)
            throw new ArgumentException(
                $"The name of class {missing} is null; every class needs a name.", nameof(names));
    }

    /// <summary>The number of classes, at least 1.</summary>
    public int Count => _names.Length;

    /// <summary>The name of a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no such class: the index is negative, or not below <see cref="Count"/>.
    /// </exception>
    public string this[int index] => (uint)index < (uint)_names.Length
        ? _names[index]
        : throw new ArgumentOutOfRangeException(nameof(index), NoSuchIndex(index));

    /// <summary>Creates the names <c>class 0</c>, <c>class 1</c>, … for a network without labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public static ClassLabels Numbered(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new(Enumerable.Range(0, count).Select(i => $"class {i}"));
    }

    /// <summary>
    /// Finds a class by its exact name, then by any of its comma-separated synonyms, ignoring case. A number is an
    /// index. <c>name:7</c> finds the class with the name "7".
    /// </summary>
    /// <exception cref="ArgumentException">
    /// There is no such class, or there are several of that name. The message lists the classes whose name contains
    /// the text, or suggests a similar one.
    /// </exception>
    public int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("The class name is empty; expected a name or an index.", nameof(name));
        string wanted = name.Trim();
        if (wanted.StartsWith(NamePrefix, StringComparison.OrdinalIgnoreCase))
            wanted = wanted[NamePrefix.Length..].Trim();
        else if (IsNumber(wanted))
            return ParseIndex(wanted, nameof(name));

        int[] found = IndicesWhere(candidate => candidate == wanted);
        if (found.Length == 0)
            found = IndicesWhere(candidate => Synonyms(candidate).Contains(wanted, StringComparer.OrdinalIgnoreCase));
        return found switch
        {
            [int only] => only,
            [] => throw new ArgumentException(NoSuchName(wanted), nameof(name)),
            _ => throw new ArgumentException(
                $"'{wanted}' names several classes: {Listed(found)}; give the index of the one that is meant.",
                nameof(name)),
        };
    }

    /// <summary>Reads class names from a file.</summary>
    /// <remarks>
    /// <para>Text: one name per line in order of index, <c>index name</c>, <c>name index</c> or
    /// <c>n01440764 name</c> on every line; a header line before such a table is skipped.</para>
    /// <para>JSON, or a list or dict as Python prints it: a list of names, index → name, name → index, or a
    /// configuration with <c>id2label</c> or <c>label_names</c>. A name may also be a pair
    /// <c>["n01440764", "tench"]</c>.</para>
    /// <para>YAML: a field <c>names:</c> with a list or a map.</para>
    /// <para>The encoding is UTF-8, or UTF-16 with a byte order mark.</para>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A larger file is refused before it is read. Default: 16 MiB.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not such a file, an index is missing or occurs twice (the message says which), or it is larger than
    /// <paramref name="maxBytes"/>.
    /// </exception>
    public static ClassLabels Load(string path, int maxBytes = LimitedReader.SidecarBytes) =>
        new(LabelFile.Load(path, maxBytes, nameof(maxBytes)));

    /// <summary>Reads class names from the contents of a file that <see cref="Load"/> accepts.</summary>
    /// <exception cref="InvalidDataException">
    /// The contents are not class names, or an index is missing or occurs twice (the message says which).
    /// </exception>
    public static ClassLabels Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(LabelFile.Parse(text, "The text"));
    }

    private static bool IsNumber(string text) =>
        text.TrimStart('+', '-') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit);

    private int ParseIndex(string text, string parameter)
    {
        bool isIndex = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index);
        return isIndex && (uint)index < (uint)Count
            ? index
            : throw new ArgumentOutOfRangeException(parameter, NoSuchIndex(text));
    }

    private static string[] Synonyms(string name) =>
        name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private int[] IndicesWhere(Func<string, bool> matches) =>
        [.. Enumerable.Range(0, Count).Where(i => matches(_names[i]))];

    private string Listed(int[] indices)
    {
        string shown = string.Join(", ", indices.Take(MaxListed).Select(i => $"{i} ({_names[i]})"));
        return indices.Length > MaxListed ? $"{shown}, … ({indices.Length} in all)" : shown;
    }

    private string NoSuchIndex(object index) => $"There is no class {index}: the classes are 0 to {Count - 1}.";

    private string NoSuchName(string wanted)
    {
        string start = $"There is no class '{wanted}' among the {Count}";
        int[] containing = wanted.Length >= MinContained
            ? IndicesWhere(candidate => candidate.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            : [];
        if (containing.Length > 0)
            return $"{start}; these contain it: {Listed(containing)}.";
        string[] synonyms = [.. _names.SelectMany(Synonyms)];
        IEnumerable<string> words = synonyms.SelectMany(synonym => synonym.Split(' '));
        return start + (Suggestion.DidYouMean(wanted, synonyms) ?? Suggestion.DidYouMean(wanted, words) ?? ".");
    }
}
