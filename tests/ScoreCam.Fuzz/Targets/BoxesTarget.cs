using System.Text;
using ScoreCam.Cli;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Fuzz.Targets;

/// <summary>The command's table of boxes.</summary>
internal sealed class BoxesTarget : FuzzTarget
{
    private static readonly ClassLabels Classes = new(["tench, Tinca tinca", "cat", "dog"]);

    private static readonly string[] Files =
    [
        "file,class_index,class_name,xmin,ymin,xmax,ymax\na.jpg,1,cat,1,2,30.5,40\n\"b, c.jpg\",2,\"dog "
            + "\"\"x\"\"\",0,0,1e3,5\n",
        "ymax,xmax,ymin,xmin,class_name,class_index,file,more\r\n40,30,2,1,tench,0,sub\\d.png,x\r\n",
        "file,class_index,class_name\na.jpg,1,cat\nb.jpg,,dog\n",
    ];

    public override string Name => "boxes";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Files.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A line of two bytes gives a message that it is not a box.</summary>
    public override long AllowedBytes(int length) => (1 << 18) + (2048L * length);

    public override byte[] Mutate(byte[] seed, Random random) => Mutations.TextMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file)
    {
        foreach (BoxRow row in BoxTable.Read(new MemoryStream(file), "boxes.csv").Rows)
        {
            if (row.Corners.Length > 0 && !IsBox(row.Corners))
                throw new FuzzFailure($"This is not a box: {string.Join(", ", row.Corners)}.");
            try
            {
                row.ClassOf(Classes);
            }
            catch (ArgumentException)
            {
                // The network has no such class.
            }
        }
    }

    private static bool IsBox(double[] corners) =>
        corners.Length == 4 && corners.All(double.IsFinite) && corners[0] < corners[2] && corners[1] < corners[3];

    public override bool IsDocumented(Exception exception) => exception is UserException;
}
