using System.Globalization;
using System.Text;
using CsCheck;
using FluentAssertions;
using ScoreCam.Cli.Evaluate;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// The boxes of the command's CSV: any names, columns in any order and with others between them, any line endings,
/// and quotes where they are needed or everywhere.
/// </summary>
public class BoxTableProperties
{
    private static readonly Gen<BoxRow> Row = Gen.Select(
        Texts.Lines(0, 12), Gen.Int[0, 1000].Select(index => $"{index}"), Texts.Lines(0, 12), Gen.Double[-1e4, 1e4],
        Gen.Double[-1e4, 1e4], Gen.Double[0.001, 1e4], Gen.Double[0.001, 1e4],
        // Blanks around a cell do not count, and a folder may be written with either slash.
        (file, index, name, x, y, width, height) =>
            new BoxRow($"a/{file.Replace('\\', '/')}".Trim(), index, name.Trim(), [x, y, x + width, y + height]));

    [Fact]
    public void Written_rows_are_read_back() =>
        Gen.Select(Row.Array[0, 8], Gen.Shuffle(Enumerable.Range(0, 8).ToArray()), Gen.Bool, Gen.Bool, Gen.Bool,
            Gen.Bool).Sample((rows, order, windows, always, backslash, mark) =>
        {
            string[] header = ["file", "class_index", "CLASS_NAME", "xmin", "ymin", "xmax", "ymax", "note"];
            IEnumerable<string[]> table = rows.Select(row => (string[])[
                backslash ? row.File.Replace('/', '\\') : row.File, row.ClassIndex, row.ClassName,
                    .. row.Corners.Select(corner => corner.ToString("R", CultureInfo.InvariantCulture)),
                    "any, \"thing\""]).Prepend(header);
            string text = string.Join(windows ? "\r\n" : "\n",
                table.Select(cells => string.Join(',', order.Select(place => Written(cells[place], always)))));

            BoxTable read = BoxTable.Read(
                new MemoryStream([.. mark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)]),
                "boxes.csv");
            read.Unreadable.Should().BeEmpty();
            read.Rows.Select(row => (row.File, row.ClassIndex, row.ClassName)).Should()
                .Equal(rows.Select(row => (row.File, row.ClassIndex, row.ClassName)));
            read.Rows.SelectMany(row => row.Corners).Should().Equal(rows.SelectMany(row => row.Corners));
        });

    [Fact]
    public void Cells_that_the_command_writes_are_read_back() =>
        Texts.Lines(0, 12).Array[1, 6].Sample(cells => Csv.Split(Csv.Join(cells)).Should().Equal(cells));

    private static string Written(string cell, bool always) =>
        always || cell.Contains(',') || cell.Contains('"') ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
}
