namespace ScoreCam;

/// <summary>A tensor of the network that can be explained.</summary>
public sealed record LayerInfo
{
    /// <summary>Name of the tensor in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the node that computes the tensor; empty where the model gives it none.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Operator that computes the tensor, for example <c>Relu</c> or <c>Concat</c>.</summary>
    public required string OpType { get; init; }

    /// <summary>Number of activation maps, K.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows h of one map.</summary>
    public required int Height { get; init; }

    /// <summary>Columns w of one map.</summary>
    public required int Width { get; init; }

    /// <summary>Where the maps stand in the tensor.</summary>
    public FeatureLayout Layout { get; init; }

    /// <summary>
    /// Tokens before the places of the picture, for example a class token; 0 unless <see cref="Layout"/> is
    /// <see cref="FeatureLayout.Tokens"/>.
    /// </summary>
    public int PrefixTokens { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({OpType}, {Channels}×{Height}×{Width})";
}

/// <summary>Order of the dimensions of a layer's tensor.</summary>
public enum FeatureLayout
{
    /// <summary>Batch, channels, rows, columns.</summary>
    Nchw,

    /// <summary>Batch, rows, columns, channels.</summary>
    Nhwc,

    /// <summary>
    /// Batch, tokens, channels, as in a transformer: first the <see cref="LayerInfo.PrefixTokens"/>, then one token for
    /// each place, row by row.
    /// </summary>
    Tokens,
}
