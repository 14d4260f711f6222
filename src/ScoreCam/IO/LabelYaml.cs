using System.Globalization;

namespace ScoreCam.IO;

/// <summary>
/// Reads the class names of a YAML file, as in Ultralytics data sets: <c>names:</c> with a list or a map of indices, in
/// one line or in several.
/// </summary>
internal static class LabelYaml
{
    private const string Field = "names:";

    /// <summary>Returns the names in order; null if the text has no <c>names:</c> and is not a YAML list.</summary>
    /// <exception cref="InvalidDataException">The names have none of these formats, or an index is missing.</exception>
    public static string[]? Find(string text)
    {
        string[] lines = text.Split('\n');
        int start = Array.FindIndex(lines, line => line.StartsWith(Field, StringComparison.Ordinal));
        if (start < 0)
            return IsList(lines) ? FromLines(lines) : null;
        string inline = WithoutComment(lines[start][Field.Length..]).Trim();
        if (inline.Length == 0)
            return FromLines(lines[(start + 1)..]);
        if (inline[0] is '[' or '{')
            return FromOneLine(string.Join(' ', lines[start..].Select(WithoutComment))[Field.Length..].TrimStart());
        throw new InvalidDataException(
            $"\"names\" is {inline}; a list or a map of class names is expected (the path of a file is not followed)");
    }

    private static bool IsList(string[] lines)
    {
        string[] filled = [.. lines.Select(line => line.TrimEnd()).Where(line => line is not ("" or "---"))];
        return filled.Length > 0 && Array.TrueForAll(filled, line => line.StartsWith("- ", StringComparison.Ordinal));
    }

    // The lines of a block, up to the next field.
    private static string[] FromLines(string[] lines)
    {
        List<(string, string)> entries = [];
        foreach (string line in lines.Select(line => WithoutComment(line).TrimEnd()))
        {
            if (line.Length == 0 || line == "---")
                continue;
            string entry = line.TrimStart();
            if (entry.StartsWith("- ", StringComparison.Ordinal))
                entries.Add((entries.Count.ToString(CultureInfo.InvariantCulture), Scalar(entry[2..])));
            else if (entry.Length < line.Length)
                entries.Add(Pair(entry));
            else
                break;
        }
        return LabelJson.InOrder(entries);
    }

    // The names between brackets or braces. Text after them is ignored.
    private static string[] FromOneLine(string text)
    {
        char end = text[0] == '[' ? ']' : '}';
        List<(string, string)> entries = [];
        int start = 1;
        char quote = '\0';
        for (int at = 1; at < text.Length; at++)
        {
            char character = text[at];
            if (quote != '\0')
                quote = character == quote ? '\0' : quote;
            else if (character is '\'' or '"' && text.AsSpan(start, at - start).Trim() is "" or [.., ':'])
                quote = character;
            else if (character == ',' || character == end)
            {
                string entry = text[start..at].Trim();
                start = at + 1;
                if (entry.Length > 0)
                    entries.Add(end == '}' ? Pair(entry) : ($"{entries.Count}", Scalar(entry)));
                if (character == end)
                    return LabelJson.InOrder(entries);
            }
        }
        throw new InvalidDataException($"'{end}' is missing after \"names\"");
    }

    private static (string Index, string Name) Pair(string entry)
    {
        int colon = entry.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? (Scalar(entry[..colon]), Scalar(entry[(colon + 1)..]))
            : throw new InvalidDataException($"'{entry}' is no class name; \"0: name\" or \"- name\" is expected");
    }

    private static string Scalar(string text) => text.Trim() switch
    {
        ['\'', .., '\''] single => single[1..^1].Replace("''", "'", StringComparison.Ordinal),
        ['"', .., '"'] quoted => quoted[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal),
        string plain => plain,
    };

    // A comment begins with '#' after a blank, outside of quotes.
    private static string WithoutComment(string line)
    {
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            if (quote != '\0')
                quote = line[i] == quote ? '\0' : quote;
            else if (line[i] is '\'' or '"' && (i == 0 || line[i - 1] is ' ' or '[' or '{' or ','))
                quote = line[i];
            else if (line[i] == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1])))
                return line[..i];
        }
        return line;
    }
}
