using System.Globalization;
using ScoreCam.IO;

namespace ScoreCam;

/// <summary>The class names of a network, in the order of their indices. Immutable and thread-safe.</summary>
public sealed class ClassLabels
{
    private const string NamePrefix = "name:";
    private const int MaxListed = 10;

    // A shorter text occurs in too many names.
    private const int MinContained = 3;

    private readonly string[] _names;

    /// <summary>Creates labels from names in the order of their indices.</summary>
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
    /// The index is negative, or not below <see cref="Count"/>.
    /// </exception>
    public string this[int index] => (uint)index < (uint)_names.Length
        ? _names[index]
        : throw new ArgumentOutOfRangeException(nameof(index), NoSuchIndex(index));

    /// <summary>Creates the names <c>class 0</c>, <c>class 1</c> and so on, for a network without labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public static ClassLabels Numbered(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new(Enumerable.Range(0, count).Select(i => $"class {i}"));
    }

    /// <summary>
    /// Finds the index of a class. The exact name is tried first, then each of its comma-separated synonyms, ignoring
    /// case. A number is taken as an index. To find a class whose name is a number, write <c>name:7</c>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// No class, or more than one class, matches. The message lists the classes whose names contain the text, or
    /// suggests a similar name.
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

    /// <summary>Loads class names from a file.</summary>
    /// <remarks>
    /// <para>Text: every line is a name in the order of the indices, or <c>index name</c>, <c>name index</c> or
    /// <c>n01440764 name</c>. A header line before such a table is skipped.</para>
    /// <para>JSON, or a printed Python list or dict: a list of names, index → name, name → index, or a configuration
    /// with <c>id2label</c> or <c>label_names</c>. A name can also be a pair <c>["n01440764", "tench"]</c>.</para>
    /// <para>YAML: a field <c>names:</c> with a list or a map.</para>
    /// <para>The encoding is UTF-8, or UTF-16 with a byte order mark.</para>
    /// </remarks>
    /// <param name="path">The path of the file.</param>
    /// <param name="maxBytes">
    /// The largest accepted file, in bytes. A larger file is rejected before it is read. The default is 16 MiB.
    /// </param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file has none of these formats, or it is larger than <paramref name="maxBytes"/>. Or an index is missing or
    /// occurs twice; the message names the index.
    /// </exception>
    public static ClassLabels Load(string path, int maxBytes = LimitedReader.SidecarBytes) =>
        new(LabelFile.Load(path, maxBytes, nameof(maxBytes)));

    /// <summary>Parses class names from text in any format that <see cref="Load"/> accepts.</summary>
    /// <exception cref="InvalidDataException">
    /// The text has none of these formats. Or an index is missing or occurs twice; the message names the index.
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
