using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;
using ScoreCam.IO;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// A boxes file. Each row is one box, with the file, the class and the corners in pixels of the upright picture. A row
/// without corners gives only the class.
/// </summary>
internal sealed class BoxTable
{
    private const int MaxBytes = 256 << 20;

    private static readonly string[] Required = ["file", "class_index", "class_name"];
    private static readonly string[] Corners = ["xmin", "ymin", "xmax", "ymax"];

    private BoxTable(IReadOnlyList<BoxRow> rows, IReadOnlyList<LeftOut> unreadable) =>
        (Rows, Unreadable) = (rows, unreadable);

    public IReadOnlyList<BoxRow> Rows { get; }

    /// <summary>The rows of each file, in their order.</summary>
    public ILookup<string, BoxRow> ByFile => field ??= Rows.ToLookup(row => row.File);

    /// <summary>The invalid rows, with the reason. Boxes of their pictures may be missing.</summary>
    public IReadOnlyList<LeftOut> Unreadable { get; }

    /// <summary>
    /// Returns the files that the table names but that are not among the pictures, and the invalid rows of such files.
    /// </summary>
    public IEnumerable<LeftOut> NotAmong(IEnumerable<string> pictures)
    {
        HashSet<string> known = [.. pictures];
        return ByFile.Where(rows => !known.Contains(rows.Key))
            .Select(rows => new LeftOut(rows.Key, "the boxes file names it, and it is not among the pictures"))
            .Concat(Unreadable.Where(row => !known.Contains(row.Name)));
    }

    /// <summary>
    /// Returns a hash of the pictures with their classes and boxes. Shards of one run have the same hash.
    /// </summary>
    /// <param name="pictures">The pictures of all shards.</param>
    /// <param name="boxes">The boxes; null if there are none.</param>
    public static string Hash(IEnumerable<string> pictures, BoxTable? boxes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string picture in pictures)
        {
            Append(picture);
            foreach (BoxRow row in boxes?.ByFile[picture] ?? [])
                Append($"\t{row.ClassIndex}\t{row.ClassName}\t{string.Join(' ', row.Corners.Select(Text))}");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string line) => hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        string Text(double corner) => corner.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <exception cref="UserException">A box is outside the picture.</exception>
    public static void RequireInside(double[][] boxes, PictureMapping mapping)
    {
        (int width, int height) = (mapping.PictureWidth, mapping.PictureHeight);
        // Some annotations include the last pixel.
        bool IsOutside(double[] box) => box[0] < 0 || box[1] < 0 || box[2] > width + 1 || box[3] > height + 1;
        if (boxes.FirstOrDefault(IsOutside) is not { } outside)
            return;
        string corners = string.Join(", ", outside);
        throw new UserException(
            $"the box {corners} (xmin, ymin, xmax, ymax) reaches outside of the picture of {width} × {height} pixels");
    }

    /// <summary>The preprocessing that stretches a picture to the input, so that no box is cropped.</summary>
    public static Preprocessing KeepAll(Preprocessing preprocessing) =>
        preprocessing with { Fit = Fit.Stretch, ShortestEdge = null };

    /// <summary>Creates a box from xmin, ymin, xmax and ymax.</summary>
    public static Box ToBox(double[] corners) =>
        new() { XMin = corners[0], YMin = corners[1], XMax = corners[2], YMax = corners[3] };

    /// <summary>Whether two lists of boxes are equal.</summary>
    public static bool AreEqual(double[][] first, double[][] second) =>
        first.Length == second.Length && first.Zip(second).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <exception cref="UserException">
    /// The file does not exist, or its first line does not name the columns.
    /// </exception>
    /// <exception cref="InvalidDataException">The file is larger than 256 MiB.</exception>
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
        string[] header = lines.Count == 0
            ? []
            : [.. Csv.Split(lines[0]).Select(name => name.Trim().ToLowerInvariant())];
        // The table has either all corner columns or none.
        string[] columns = Corners.Any(header.Contains) ? [.. Required, .. Corners] : Required;
        if (columns.FirstOrDefault(column => !header.Contains(column)) is { } missing)
            throw new UserException(
                $"the first line of '{path}' names no column '{missing}'; expected "
                + $"{string.Join(",", Required.Concat(Corners))}");

        List<BoxRow> rows = [];
        List<LeftOut> unreadable = [];
        for (int i = 1; i < lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            string[] cells = Csv.Split(lines[i]);
            string Cell(string column) =>
                Array.IndexOf(header, column) is >= 0 and var place && place < cells.Length ? cells[place].Trim() : "";
            string file = Cell("file").Replace('\\', '/');
            if (file.Length > 0 && CornersOf([.. Corners.Select(Cell)]) is { } corners)
                rows.Add(new(file, Cell("class_index"), Cell("class_name"), corners));
            else
                unreadable.Add(new(
                    file, $"line {i + 1} of the boxes file is no file with xmin < xmax and ymin < ymax: {lines[i]}"));
        }
        return new(rows, unreadable);
    }

    /// <summary>Returns the corners; empty if the row has none; null if they are invalid.</summary>
    private static double[]? CornersOf(string[] cells)
    {
        if (cells.All(cell => cell.Length == 0))
            return [];
        double[] corners = [.. cells.Select(Number)];
        return corners.All(double.IsFinite) && corners[2] > corners[0] && corners[3] > corners[1] ? corners : null;
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : double.NaN;
}

/// <summary>One box.</summary>
/// <param name="File">The path of the picture inside the folder of pictures, with slashes.</param>
/// <param name="ClassIndex">The index of the class; can be empty.</param>
/// <param name="ClassName">The name of the class; can be empty.</param>
/// <param name="Corners">xmin, ymin, xmax, ymax; empty if only the class is known.</param>
internal sealed record BoxRow(string File, string ClassIndex, string ClassName, double[] Corners)
{
    /// <summary>The index as a number; null if it is not a number.</summary>
    public int? Index =>
        int.TryParse(ClassIndex, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;

    /// <summary>
    /// Returns the class in this network's own numbering, as <see cref="ClassMatch.Find"/> finds it. If there is no
    /// name, only the index decides.
    /// </summary>
    /// <exception cref="ArgumentException">The network does not have this class.</exception>
    public int ClassOf(ClassLabels classes)
    {
        if (ClassName.Length == 0)
            return classes.IndexOf(ClassIndex);
        return ClassMatch.Find(classes, ClassName, Index)
            ?? classes.IndexOf(ClassMatch.AreNumbered(classes) && Index is not null ? ClassIndex : $"name:{ClassName}");
    }
}
