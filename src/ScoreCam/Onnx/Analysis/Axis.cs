namespace ScoreCam.Onnx.Analysis;

/// <summary>What a dimension of a tensor runs over.</summary>
internal enum AxisKind
{
    Batch,

    /// <summary>Rows of the picture, or of a map of it.</summary>
    Row,

    /// <summary>Columns of the picture, or of a map of it.</summary>
    Column,

    /// <summary>
    /// Places of the picture in an order that is not known, for example those of several maps together.
    /// </summary>
    Places,

    /// <summary>Channels, and everything else that is no place of the picture.</summary>
    Channel,
}

/// <summary>
/// A dimension as an operator made it. Reshaping splits it into factors and joins them again. Compared by identity.
/// </summary>
/// <param name="kind">What it runs over.</param>
/// <param name="size">Number of its indices.</param>
/// <param name="mirrored">Its last index is the picture's first.</param>
/// <param name="segments">
/// Which stretches of another dimension it holds, in order; null for a dimension that is not cut out of another one.
/// </param>
internal sealed class Dimension(AxisKind kind, long size, bool mirrored = false, Segments? segments = null)
{
    public AxisKind Kind => kind;

    public long Size => size;

    public bool Mirrored => mirrored;

    public Segments? Segments => segments;

    public bool IsPlace => kind is AxisKind.Row or AxisKind.Column or AxisKind.Places;

    /// <summary>
    /// Index i lies where i of the picture lies: not mirrored, not rolled, and not a small part of it.
    /// </summary>
    public bool IsUpright => !mirrored && segments is null or { IsNearlyWhole: true };

    /// <summary>A dimension of another size over the same places, as a convolution or pooling makes it.</summary>
    public Dimension Resized(long newSize)
    {
        Segments? kept = IsUpright || segments is null ? null : Segments.Elsewhere;
        return newSize == size ? this : new(kind, newSize, mirrored, kept);
    }

    public Dimension Flipped() => new(kind, size, !mirrored, segments);
}

/// <summary>Stretches of a dimension: where slices and concatenations of slices come from.</summary>
/// <param name="Of">The dimension that was cut; null where that is not known.</param>
/// <param name="Parts">Start and length of each stretch, in the order in which they stand.</param>
internal sealed record Segments(Dimension? Of, IReadOnlyList<(long Start, long Length)> Parts)
{
    /// <summary>Stretches that are known to stand in another order, and no more.</summary>
    public static Segments Elsewhere { get; } = new(null, []);

    /// <summary>One stretch, which leaves out no more than an edge.</summary>
    public bool IsNearlyWhole => Of is not null && Parts is [var (_, length)] && 4 * length >= 3 * Of.Size;

    /// <summary>The stretch [start, start + length) of an index that runs over these.</summary>
    public Segments Cut(long start, long length)
    {
        List<(long, long)> cut = [];
        foreach ((long from, long count) in Parts)
        {
            long first = Math.Max(start, 0), last = Math.Min(start + length, count);
            if (first < last)
                cut.Add((from + first, last - first));
            start -= count;
        }
        return new(Of, cut);
    }

    /// <summary>These and then others of the same dimension, with neighbours joined.</summary>
    public Segments Then(Segments next)
    {
        List<(long Start, long Length)> joined = [.. Parts];
        foreach ((long start, long length) in next.Parts)
            if (joined.Count > 0 && joined[^1].Start + joined[^1].Length == start)
                joined[^1] = (joined[^1].Start, joined[^1].Length + length);
            else
                joined.Add((start, length));
        return new(Of, joined);
    }
}

/// <summary>
/// A part of a dimension: its index is <c>factor index · Stride</c> plus what the other factors give.
/// </summary>
internal readonly record struct Factor(Dimension Of, long Size, long Stride)
{
    public Factor(Dimension whole)
        : this(whole, whole.Size, 1)
    {
    }

    /// <summary>The slowest part, so that its indices lie in the picture's order.</summary>
    public bool IsOutermost => Size * Stride == Of.Size;
}

/// <summary>One axis of a tensor: the factors whose indices it enumerates, slowest first.</summary>
/// <param name="Factors">What it runs over; empty for an axis of one index that is no place.</param>
/// <param name="Prefix">Indices before the places that are no places, as a class token is.</param>
internal sealed record Axis(IReadOnlyList<Factor> Factors, int Prefix = 0)
{
    public static Axis One { get; } = new([]);

    public long Size => Factors.Aggregate(1L, (product, factor) => product * factor.Size) + Prefix;

    public bool HasPlaces => Factors.Any(f => f.Of.IsPlace && f.Size > 1);

    /// <summary>The dimension whose slowest part this axis is; null where it is anything else.</summary>
    public Dimension? Outermost => Prefix == 0 && Factors is [{ IsOutermost: true } only] ? only.Of : null;

    public static Axis Whole(Dimension dimension) => new([new Factor(dimension)]);

    /// <summary>
    /// A new axis over what is no place; one over places whose order is lost where <paramref name="places"/> is true.
    /// </summary>
    public static Axis New(long size, bool places = false) =>
        size == 1 ? One : Whole(new Dimension(places ? AxisKind.Places : AxisKind.Channel, size));

    /// <summary>This axis after an operator that keeps its places and changes their number, as pooling does.</summary>
    public Axis Resized(long size)
    {
        if (Outermost is not { Kind: AxisKind.Row or AxisKind.Column } dimension)
            return New(size, HasPlaces);
        // The part of a dimension that was split counts as a dimension of its own from here on.
        Dimension own = Factors[0].Stride == 1
            ? dimension
            : new(dimension.Kind, Factors[0].Size, dimension.Mirrored, dimension.Segments);
        return Whole(own.Resized(size));
    }
}
