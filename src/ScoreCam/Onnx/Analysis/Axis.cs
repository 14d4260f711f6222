namespace ScoreCam.Onnx.Analysis;

/// <summary>The meaning of a tensor's dimension.</summary>
internal enum AxisKind
{
    Batch,

    /// <summary>Rows of the picture, or of a map of it.</summary>
    Row,

    /// <summary>Columns of the picture, or of a map of it.</summary>
    Column,

    /// <summary>Image positions in an unknown order, for example the positions of several maps together.</summary>
    Positions,

    /// <summary>Channels, and everything else that is not an image position.</summary>
    Channel,
}

/// <summary>
/// A dimension as an operator created it. Reshaping splits it into factors and joins them again. Compared by identity.
/// </summary>
/// <param name="kind">The meaning of the dimension.</param>
/// <param name="size">The number of indices.</param>
/// <param name="mirrored">Whether its last index is the picture's first.</param>
/// <param name="segments">
/// The segments of another dimension that it contains, in order; null if it is not cut from another dimension.
/// </param>
internal sealed class Dimension(AxisKind kind, long size, bool mirrored = false, Segments? segments = null)
{
    public AxisKind Kind => kind;

    public long Size => size;

    public bool Mirrored => mirrored;

    public Segments? Segments => segments;

    public bool IsPosition => kind is AxisKind.Row or AxisKind.Column or AxisKind.Positions;

    /// <summary>
    /// Whether index i is at position i of the picture: the dimension is not mirrored, not rolled, and not a small part
    /// of the picture.
    /// </summary>
    public bool IsUpright => !mirrored && segments is null or { IsNearlyWhole: true };

    /// <summary>
    /// Returns a dimension of another size over the same positions, as a convolution or pooling creates it.
    /// </summary>
    public Dimension Resized(long newSize)
    {
        Segments? kept = IsUpright || segments is null ? null : Segments.Elsewhere;
        return newSize == size ? this : new(kind, newSize, mirrored, kept);
    }

    public Dimension Flipped() => new(kind, size, !mirrored, segments);
}

/// <summary>Segments of a dimension, which slices and concatenations of slices create.</summary>
/// <param name="Of">The dimension that was cut; null if it is unknown.</param>
/// <param name="Parts">The start and length of each segment, in order.</param>
internal sealed record Segments(Dimension? Of, IReadOnlyList<(long Start, long Length)> Parts)
{
    /// <summary>Segments in another, unknown order.</summary>
    public static Segments Elsewhere { get; } = new(null, []);

    /// <summary>Whether there is one segment, which omits at most an edge.</summary>
    public bool IsNearlyWhole => Of is not null && Parts is [var (_, length)] && 4 * length >= 3 * Of.Size;

    /// <summary>Returns the segment [start, start + length) of an index over these segments.</summary>
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

    /// <summary>
    /// Returns these segments followed by others of the same dimension. Adjacent segments are joined.
    /// </summary>
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
/// A part of a dimension. The index of the dimension is <c>factor index · Stride</c> plus the contribution of the other
/// factors.
/// </summary>
internal readonly record struct Factor(Dimension Of, long Size, long Stride)
{
    public Factor(Dimension whole)
        : this(whole, whole.Size, 1)
    {
    }

    /// <summary>Whether this is the slowest part, so that its indices follow the picture's order.</summary>
    public bool IsOutermost => Size * Stride == Of.Size;
}

/// <summary>One axis of a tensor: the factors whose indices it enumerates, slowest first.</summary>
/// <param name="Factors">The factors; empty for an axis with one index that is not an image position.</param>
/// <param name="Prefix">
/// The number of indices before the image positions that are not image positions, for example a class token.
/// </param>
internal sealed record Axis(IReadOnlyList<Factor> Factors, int Prefix = 0)
{
    public static Axis One { get; } = new([]);

    public long Size => Factors.Aggregate(1L, (product, factor) => product * factor.Size) + Prefix;

    public bool HasPositions => Factors.Any(f => f.Of.IsPosition && f.Size > 1);

    /// <summary>The dimension whose slowest part this axis is; null for any other axis.</summary>
    public Dimension? Outermost => Prefix == 0 && Factors is [{ IsOutermost: true } only] ? only.Of : null;

    public static Axis Whole(Dimension dimension) => new([new Factor(dimension)]);

    /// <summary>
    /// Returns a new axis without image positions. If <paramref name="positions"/> is true, it has image positions in
    /// an unknown order.
    /// </summary>
    public static Axis New(long size, bool positions = false) =>
        size == 1 ? One : Whole(new Dimension(positions ? AxisKind.Positions : AxisKind.Channel, size));

    /// <summary>
    /// Returns this axis after an operator that keeps its positions and changes their number, as pooling does.
    /// </summary>
    public Axis Resized(long size)
    {
        if (Outermost is not { Kind: AxisKind.Row or AxisKind.Column } dimension)
            return New(size, HasPositions);
        // From here on, the part of a split dimension counts as a dimension of its own.
        Dimension own = Factors[0].Stride == 1
            ? dimension
            : new(dimension.Kind, Factors[0].Size, dimension.Mirrored, dimension.Segments);
        return Whole(own.Resized(size));
    }
}
