namespace ScoreCam.Onnx.Analysis;

/// <summary>The arrangement of activation maps in a tensor with known axes.</summary>
internal sealed record FeatureShape(
    FeatureLayout Layout, int Channels, int Height, int Width, int PrefixTokens = 0, int SuffixTokens = 0)
{
    /// <summary>
    /// Finds the maps of a tensor. Null if it contains none: no two axes are the picture's rows and columns, the axes
    /// are mirrored or in windows, or there is only one position.
    /// </summary>
    public static FeatureShape? Of(IReadOnlyList<Axis> axes, IReadOnlyList<long> shape)
    {
        if (shape.Any(size => size is < 1 or > int.MaxValue))
            return null;
        return axes.Count switch
        {
            4 => Map(axes, shape, 2, 3, 1, FeatureLayout.Nchw) ?? Map(axes, shape, 1, 2, 3, FeatureLayout.Nhwc),
            3 => Tokens(axes, shape),
            _ => null,
        };
    }

    private static FeatureShape? Map(
        IReadOnlyList<Axis> axes, IReadOnlyList<long> shape, int row, int column, int channel, FeatureLayout layout)
    {
        bool isMap = axes[row].Outermost is { Kind: AxisKind.Row, IsUpright: true } rows
            && axes[column].Outermost is { Kind: AxisKind.Column, IsUpright: true } columns
            && axes[channel].Factors.All(f => !f.Of.IsPosition || f.Of == rows || f.Of == columns)
            && axes[channel].Prefix == 0
            && IsBatch(axes[0])
            && shape[row] * shape[column] > 1;
        return isMap ? new(layout, (int)shape[channel], (int)shape[row], (int)shape[column]) : null;
    }

    private static FeatureShape? Tokens(IReadOnlyList<Axis> axes, IReadOnlyList<long> shape)
    {
        bool isTokens = axes[1].Factors is [{ IsOutermost: true } rows, { IsOutermost: true } columns]
            && rows.Of is { Kind: AxisKind.Row, IsUpright: true }
            && columns.Of is { Kind: AxisKind.Column, IsUpright: true }
            && axes[2].Factors.All(f => !f.Of.IsPosition || f.Of == rows.Of || f.Of == columns.Of)
            && IsBatch(axes[0])
            && shape[1] == axes[1].Prefix + (rows.Size * columns.Size)
            && rows.Size * columns.Size > 1
            // A mean or a variance over the channels.
            && shape[2] > 1;
        if (!isTokens)
            return null;
        (long height, long width) = (axes[1].Factors[0].Size, axes[1].Factors[1].Size);
        return new(FeatureLayout.Tokens, (int)shape[2], (int)height, (int)width, axes[1].Prefix);
    }

    private static bool IsBatch(Axis axis) =>
        axis.Prefix == 0 && axis.Factors.All(f => f.Of.Kind == AxisKind.Batch || f.Size == 1);
}
