namespace ScoreCam.Onnx.Analysis;

/// <summary>What the network does to its scores at the very end.</summary>
internal enum Ending
{
    /// <summary>Nothing that was recognised: the output itself is scored.</summary>
    None,
    Softmax,
    Sigmoid,
    LogSoftmax,
}

/// <summary>Where the scores of the classes stand.</summary>
internal sealed record ScoreSource
{
    /// <summary>The output that was asked for or chosen.</summary>
    public required string Output { get; init; }

    /// <summary>The tensor to score: the one before the ending, else the output.</summary>
    public required string Tensor { get; init; }

    public required Ending Ending { get; init; }

    /// <summary>The output is the best class, or a few of them, so that its shape says nothing of how many classes there are.</summary>
    public bool OutputIsLabel { get; init; }

    /// <summary>How to read <see cref="Tensor"/> where it holds integers; null for real numbers.</summary>
    public Quantization? Quantization { get; init; }

    /// <summary>Other outputs that could be scored instead, and are not the same scores in another form.</summary>
    public IReadOnlyList<string> AlternativeOutputs { get; init; } = [];
}
