using System.Text;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// Reads and writes cells of comma-separated lines (RFC 4180). A cell is quoted if it contains a comma, a quote or a
/// line break. A cell that is read must not contain a line break.
/// </summary>
internal static class Csv
{
    public static string[] Split(string line)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(c);
        }
        return [.. cells, cell.ToString()];
    }

    public static string Join(params IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"")}\"";
}
