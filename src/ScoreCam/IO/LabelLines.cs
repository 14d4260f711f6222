using System.Text.RegularExpressions;

namespace ScoreCam.IO;

/// <summary>
/// Reads class names from lines of text: a name, an index and a name, a name and an index, or a WordNet identifier and
/// a name. A header line before such a table is skipped.
/// </summary>
internal static partial class LabelLines
{
    // The beginnings of files that are not lists of class names.
    private static readonly (string Start, string Kind)[] OtherFiles =
    [
        ("version https://git-lfs.github.com/", "it is a Git LFS pointer; fetch the file itself with 'git lfs pull'"),
        ("<!doctype html", "it is an HTML page; download the raw file"),
        ("<html", "it is an HTML page; download the raw file"),
        ("<?xml", "it is an XML file"),
        ("item {", "it is a TensorFlow label map (.pbtxt); write one name per line"),
        ("item{", "it is a TensorFlow label map (.pbtxt); write one name per line"),
    ];

    private const int MaxHeaderCharacters = 200;

    private static readonly char[] Digits = [.. "0123456789"];
    private static readonly char[] Separators = [' ', '\t', ':', ';', ','];
    private static readonly char[] HeaderSeparators = [' ', '\t', ':', ';', ',', '_', '-', '|', '"', '#'];

    private static readonly string[] HeaderWords =
        ["index", "idx", "id", "class", "label", "name", "category", "synset", "wnid"];

    /// <summary>Reads the names.</summary>
    /// <exception cref="InvalidDataException">
    /// There are no names, a line is empty, or the text is another kind of file.
    /// </exception>
    public static string[] Parse(string text)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        foreach ((string beginning, string kind) in OtherFiles)
            if (start.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                throw new InvalidDataException(kind);
        // In UTF-16, every second byte of a Latin text is zero.
        if (4L * text.AsSpan().Count('\0') > text.Length)
            throw new InvalidDataException("it is a binary file, or UTF-16 text without a byte order mark");

        string[] lines = text.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        int empty = Array.IndexOf(lines, "");
        if (empty >= 0 && lines.Length == 1)
            throw new InvalidDataException("there are no class names");
        if (empty >= 0)
            throw new InvalidDataException($"line {empty + 1} is empty; every class needs a name");
        return FromTable(lines) ?? (HasHeader(lines) ? FromTable(lines[1..]) : null) ?? lines;
    }

    private static bool HasHeader(string[] lines) =>
        lines.Length > 2
        && lines[0].Length <= MaxHeaderCharacters
        && lines[0].Split(HeaderSeparators).Intersect(HeaderWords, StringComparer.OrdinalIgnoreCase).Any();

    // Null if the lines are plain names.
    private static string[]? FromTable(string[] lines)
    {
        if (Entries(lines, line => Split(IndexAndName, line)) is { } indexFirst && HasZero(indexFirst))
            return WithoutIdentifiers(LabelJson.InOrder(indexFirst));
        if (Entries(lines, SplitNameAndIndex) is { } indexLast && IsComplete(indexLast))
            return WithoutIdentifiers(LabelJson.InOrder(indexLast));
        return Entries(lines, line => Split(IdentifierAndName, line))?.Select(entry => entry.Name).ToArray();
    }

    // Without a 0, the numbers can belong to the names, as in "1 euro" and "2 euro".
    private static bool HasZero((string Index, string Name)[] entries) =>
        entries.Any(entry => entry.Index.AsSpan().TrimStart('0').IsEmpty);

    // A number at the end is usually part of the name, as in "Boeing 707" or "class 0".
    private static bool IsComplete((string Index, string Name)[] entries) =>
        entries.Length > 1
        && entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count() == entries.Length
        && entries.Select(entry => entry.Index).ToHashSet(StringComparer.Ordinal).SetEquals(
            Enumerable.Range(0, entries.Length).Select(i => $"{i}"));

    private static string[] WithoutIdentifiers(string[] names) =>
        Entries(names, name => Split(IdentifierAndName, name))?.Select(entry => entry.Name).ToArray() ?? names;

    // Null unless every line can be split.
    private static (string Index, string Name)[]? Entries(string[] lines, Func<string, (string, string)?> split)
    {
        var entries = new (string, string)[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            if (split(lines[i]) is not var (index, name))
                return null;
            entries[i] = (index, Unquoted(name));
        }
        return entries;
    }

    private static (string Index, string Name)? Split(Regex form, string line) =>
        form.Match(line) is { Success: true } match ? (match.Groups["index"].Value, match.Groups["name"].Value) : null;

    private static (string Index, string Name)? SplitNameAndIndex(string line)
    {
        string before = line.TrimEnd(Digits), name = before.TrimEnd(Separators);
        bool isSplit = before.Length < line.Length && name.Length < before.Length && name.Length > 0;
        return isSplit ? (line[before.Length..], name) : null;
    }

    // A CSV field that contains a comma is quoted.
    private static string Unquoted(string name) =>
        name is ['"', .., '"'] ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    [GeneratedRegex(
        @"^(?<index>\d{1,9})(\s*[:;,\t]\s*|\s+)(?<name>\S.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex IndexAndName { get; }

    [GeneratedRegex(
        @"^(?<index>n\d{8})(\s*[:;,\t]\s*|\s+)(?<name>\S.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex IdentifierAndName { get; }
}
