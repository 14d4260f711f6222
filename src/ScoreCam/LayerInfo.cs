namespace ScoreCam;

/// <summary>A tensor of the network that can be explained.</summary>
public sealed record LayerInfo
{
    /// <summary>The name of the tensor in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the node that computes the tensor; empty if the node has no name.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>The operator that computes the tensor, for example <c>Relu</c> or <c>Concat</c>.</summary>
    public required string OpType { get; init; }

    /// <summary>The number of activation maps, K.</summary>
    public required int Channels { get; init; }

    /// <summary>The number of rows of one map, h.</summary>
    public required int Height { get; init; }

    /// <summary>The number of columns of one map, w.</summary>
    public required int Width { get; init; }

    /// <summary>The order of the tensor's dimensions.</summary>
    public FeatureLayout Layout { get; init; }

    /// <summary>
    /// The number of tokens before the first image position, for example 1 for a class token. It is 0 unless
    /// <see cref="Layout"/> is <see cref="FeatureLayout.Tokens"/>.
    /// </summary>
    public int PrefixTokens { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({OpType}, {Channels}×{Height}×{Width})";
}

/// <summary>The order of the dimensions of a layer's tensor.</summary>
public enum FeatureLayout
{
    /// <summary>Batch, channels, rows, columns.</summary>
    Nchw,

    /// <summary>Batch, rows, columns, channels.</summary>
    Nhwc,

    /// <summary>
    /// Batch, tokens, channels, as in a transformer. The <see cref="LayerInfo.PrefixTokens"/> come first. They are
    /// followed by one token per image position, row by row.
    /// </summary>
    Tokens,
}
