using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>The kinds of shapes in a <see cref="ShapeScene"/>.</summary>
public enum ShapeKind
{
    /// <summary>A filled circle.</summary>
    Circle,

    /// <summary>A filled square.</summary>
    Square,

    /// <summary>A filled triangle that points upwards.</summary>
    Triangle,

    /// <summary>An upright cross of two bars.</summary>
    Cross,

    /// <summary>A ring.</summary>
    Ring,
}

/// <summary>A shape in a <see cref="ShapeScene"/>. Immutable and thread-safe.</summary>
public sealed record DrawnShape
{
    /// <summary>The kind of shape.</summary>
    public required ShapeKind Kind { get; init; }

    /// <summary>The pixels of the shape: a map of the picture's size, 1 on the shape and 0 elsewhere.</summary>
    public required SaliencyMap Pixels { get; init; }

    /// <summary>The bounding box of the pixels.</summary>
    public required Box Box { get; init; }
}

/// <summary>
/// A drawn picture with a known answer: shapes of one colour each on a background of coloured noise. A network that
/// recognises a shape can only use the pixels of this shape. Use it with <see cref="RelevanceMass"/> and
/// <see cref="RelevanceRank"/>. Immutable and thread-safe.
/// </summary>
public sealed class ShapeScene
{
    private const int BackgroundCell = 8;
    private const int MaxTries = 1000;
    private const double Noise = 0.04;

    private ShapeScene(RgbImage picture, IReadOnlyList<DrawnShape> shapes) => (Picture, Shapes) = (picture, shapes);

    /// <summary>The picture.</summary>
    public RgbImage Picture { get; }

    /// <summary>The shapes. Each one is of a different kind. They do not overlap.</summary>
    public IReadOnlyList<DrawnShape> Shapes { get; }

    /// <summary>Draws scenes. The same arguments give the same scenes on every platform.</summary>
    /// <param name="count">The number of scenes, at least 1.</param>
    /// <param name="kinds">The kinds to choose from. Each kind can occur at most once.</param>
    /// <param name="shapes">The number of shapes in each scene, 1…3, and at most the number of kinds.</param>
    /// <param name="side">The side of the square picture in pixels, 32…2048.</param>
    /// <param name="seed">The seed of the scenes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">A kind occurs twice.</exception>
    public static IReadOnlyList<ShapeScene> Draw(
        int count, IReadOnlyList<ShapeKind> kinds, int shapes = 2, int side = 64, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shapes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shapes, Math.Min(3, kinds.Count));
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 32);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, 2048);
        if (kinds.Distinct().Count() < kinds.Count)
            throw new ArgumentException("A kind of shape occurs twice; give each kind once.", nameof(kinds));
        return [.. Enumerable.Range(0, count).Select(i => Draw(new SeededRandom(seed, i), kinds, shapes, side))];
    }

    private static ShapeScene Draw(SeededRandom random, IReadOnlyList<ShapeKind> kinds, int shapes, int side)
    {
        byte[] pixels = Background(random, side);
        int[] order = [.. Enumerable.Range(0, kinds.Count)];
        random.Shuffle(order);
        List<DrawnShape> drawn = [];
        foreach (int index in order.Take(shapes))
        {
            // The scene is drawn again if the shapes so far leave no room.
            if (FreeBox(random, side, drawn) is not { } box)
                return Draw(random, kinds, shapes, side);
            float[] mask = Mask(kinds[index], box, side);
            (byte, byte, byte) color = (Bright(random), Bright(random), Bright(random));
            for (int i = 0; i < mask.Length; i++)
                if (mask[i] == 1)
                    (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = color;
            drawn.Add(new() { Kind = kinds[index], Pixels = new SaliencyMap(side, side, mask), Box = box });
        }
        return new(new RgbImage(side, side, pixels), drawn);
    }

    // Coarse random colours, interpolated, with a little noise per pixel.
    private static byte[] Background(SeededRandom random, int side)
    {
        int cells = Math.Max(2, side / BackgroundCell);
        byte[] coarse = [.. Enumerable.Range(0, 3 * cells * cells).Select(_ => (byte)(20 + random.Next(130)))];
        byte[] pixels = new RgbImage(cells, cells, coarse).Resize(side, side, ResampleFilter.Bicubic).Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(pixels[i] + (255 * Noise * random.NextNormal()), 0, 255);
        return pixels;
    }

    private static byte Bright(SeededRandom random) => (byte)(120 + random.Next(136));

    // Finds a square of a quarter to a third of the side that leaves a gap to the other shapes; null if there is none.
    private static Box? FreeBox(SeededRandom random, int side, List<DrawnShape> others)
    {
        for (int i = 0; i < MaxTries; i++)
        {
            int size = (side / 4) + random.Next((side / 3) - (side / 4) + 1);
            int x = 2 + random.Next(side - size - 3), y = 2 + random.Next(side - size - 3);
            Box free = new() { XMin = x, YMin = y, XMax = x + size, YMax = y + size };
            Box withGap = new() { XMin = x - 2, YMin = y - 2, XMax = x + size + 2, YMax = y + size + 2 };
            if (others.All(other => other.Box.IoU(withGap) == 0))
                return free;
        }
        return null;
    }

    private static float[] Mask(ShapeKind kind, Box box, int side)
    {
        float[] mask = new float[side * side];
        double half = (box.XMax - box.XMin) / 2, centerX = box.XMin + half, centerY = box.YMin + half;
        for (int i = 0; i < mask.Length; i++)
        {
            // −1…1 across the box.
            double x = ((i % side) + 0.5 - centerX) / half, y = ((i / side) + 0.5 - centerY) / half;
            mask[i] = Covers(kind, x, y) ? 1 : 0;
        }
        return mask;
    }

    private static bool Covers(ShapeKind kind, double x, double y)
    {
        double radius = Math.Sqrt((x * x) + (y * y)), extent = Math.Max(Math.Abs(x), Math.Abs(y));
        return extent <= 1 && kind switch
        {
            ShapeKind.Circle => radius <= 1,
            ShapeKind.Square => true,
            ShapeKind.Triangle => Math.Abs(x) <= (y + 1) / 2,
            ShapeKind.Cross => Math.Min(Math.Abs(x), Math.Abs(y)) <= 1 / 3.0,
            ShapeKind.Ring => radius is <= 1 and >= 0.62,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a value of ShapeKind."),
        };
    }
}
