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

/// <summary>What the values of the scored tensor are.</summary>
internal enum ScoreValues
{
    /// <summary>Real numbers without bounds, or before the ending.</summary>
    Logits,

    /// <summary>Probabilities of classes that exclude each other: they sum to 1, or as percentages to 100.</summary>
    Probabilities,

    /// <summary>Probabilities of independent classes, each 0…1.</summary>
    IndependentProbabilities,
}

/// <summary>Where the scores of the classes are.</summary>
internal sealed record ScoreSource
{
    /// <summary>The output that was asked for or chosen.</summary>
    public required string Output { get; init; }

    /// <summary>The tensor to score: the one before the ending, else the output.</summary>
    public required string Tensor { get; init; }

    public required Ending Ending { get; init; }

    /// <summary>What <see cref="Tensor"/> holds.</summary>
    public ScoreValues Values { get; init; }

    /// <summary>True if the vector of scores has length 1 for every picture, as an embedding has.</summary>
    public bool IsEmbedding { get; init; }

    /// <summary>How to read <see cref="Tensor"/> where it holds integers; null for real numbers.</summary>
    public Quantization? Quantization { get; init; }

    /// <summary>Other outputs that could be scored instead, and are not the same scores in another form.</summary>
    public IReadOnlyList<string> AlternativeOutputs { get; init; } = [];

    /// <summary>What a reader must know about the choice of the output; null where it is safe.</summary>
    public string? Warning { get; init; }

    /// <summary>True if the graph alone tells what the values are, so that no trial run is needed.</summary>
    public bool IsCertain { get; init; } = true;
}
