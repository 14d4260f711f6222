using System.Globalization;
using ScoreCam.IO;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A boxes file: one row per box, with the file, the class and the corners in pixels of that file.</summary>
internal sealed class BoxTable
{
    private const int MaxBytes = 256 << 20;

    private static readonly string[] Columns = ["file", "class_index", "class_name", "xmin", "ymin", "xmax", "ymax"];

    private BoxTable(IReadOnlyList<BoxRow> rows, IReadOnlyList<LeftOut> unreadable) => (Rows, Unreadable) = (rows, unreadable);

    public IReadOnlyList<BoxRow> Rows { get; }

    /// <summary>Rows that are not such rows, with the reason; their pictures cannot be trusted to have all their boxes.</summary>
    public IReadOnlyList<LeftOut> Unreadable { get; }

    /// <exception cref="UserException">There is no such file, or its first line does not name the columns.</exception>
    /// <exception cref="InvalidDataException">It is larger than 256 MiB.</exception>
    public static BoxTable Load(string path)
    {
        if (!File.Exists(path))
            throw new UserException($"there is no boxes file '{path}'");
        return Read(new MemoryStream(LimitedReader.ReadBytes(path, MaxBytes, limitName: null)), path);
    }

    /// <exception cref="UserException">The first line does not name the columns.</exception>
    public static BoxTable Read(Stream table, string path)
    {
        using StreamReader reader = new(table);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        string[] header = lines.Count == 0 ? [] : [.. Csv.Split(lines[0]).Select(name => name.Trim().ToLowerInvariant())];
        if (Columns.FirstOrDefault(column => !header.Contains(column)) is { } missing)
            throw new UserException($"the first line of '{path}' names no column '{missing}'; expected {string.Join(",", Columns)}");

        List<BoxRow> rows = [];
        List<LeftOut> unreadable = [];
        for (int i = 1; i < lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            string[] cells = Csv.Split(lines[i]);
            string Cell(string column) => Array.IndexOf(header, column) is var place && place < cells.Length ? cells[place].Trim() : "";
            string file = Cell("file").Replace('\\', '/');
            double[] corners = [.. Columns[3..].Select(column => Number(Cell(column)))];
            if (file.Length == 0 || corners.Any(double.IsNaN) || corners[2] <= corners[0] || corners[3] <= corners[1])
                unreadable.Add(new(file, $"line {i + 1} of the boxes file is no file with xmin < xmax and ymin < ymax: {lines[i]}"));
            else
                rows.Add(new(file, Cell("class_index"), Cell("class_name"), corners));
        }
        return new(rows, unreadable);
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : double.NaN;
}

/// <summary>One box.</summary>
/// <param name="File">Path of the picture inside the folder of pictures, with slashes.</param>
/// <param name="ClassIndex">Index of the class; may be empty.</param>
/// <param name="ClassName">Name of the class; may be empty.</param>
/// <param name="Corners">xmin, ymin, xmax, ymax.</param>
internal sealed record BoxRow(string File, string ClassIndex, string ClassName, double[] Corners)
{
    /// <summary>
    /// The class in this network's own numbering. The name decides, because networks number their classes differently (some have a background class first);
    /// of several classes of one name the one nearest to the index is meant, of two equally near ones the further on. The index alone decides where there is no name, or the network has none.
    /// </summary>
    /// <exception cref="ArgumentException">The network has no such class.</exception>
    public int ClassOf(ClassLabels classes)
    {
        bool hasIndex = int.TryParse(ClassIndex, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        if (ClassName.Length == 0 || (hasIndex && IsNumbered(classes)))
            return classes.IndexOf(ClassIndex);
        int[] named = [.. Enumerable.Range(0, classes.Count).Where(i => Names(classes[i]).Contains(ClassName, StringComparer.OrdinalIgnoreCase))];
        return hasIndex && named.Length > 0 ? named.MinBy(i => (Math.Abs(i - index), -i)) : classes.IndexOf($"name:{ClassName}");
    }

    private static bool IsNumbered(ClassLabels classes) => classes[0] == "class 0" && classes[classes.Count - 1] == $"class {classes.Count - 1}";

    private static IEnumerable<string> Names(string label) => [label, .. label.Split(',', StringSplitOptions.TrimEntries)];
}
