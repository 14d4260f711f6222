namespace ScoreCam;

/// <summary>A tensor of the network that can be explained.</summary>
public sealed record LayerInfo
{
    /// <summary>Name of the tensor in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the node that makes it; empty where the model names none.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Operator that makes it, for example <c>Relu</c> or <c>Concat</c>.</summary>
    public required string OpType { get; init; }

    /// <summary>Activation maps K.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows h of one map.</summary>
    public required int Height { get; init; }

    /// <summary>Columns w of one map.</summary>
    public required int Width { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({OpType}, {Channels}×{Height}×{Width})";
}
