namespace ScoreCam.Onnx.Analysis;

/// <summary>The last operation of the network on its scores.</summary>
internal enum Ending
{
    /// <summary>None that was recognised. The output itself is scored.</summary>
    None,
    Softmax,
    Sigmoid,
    LogSoftmax,
}

/// <summary>The meaning of the values of the scored tensor.</summary>
internal enum ScoreValues
{
    /// <summary>Unbounded real numbers, or the values before the ending.</summary>
    Logits,

    /// <summary>
    /// Probabilities of mutually exclusive classes. They sum to 1, or to 100 if they are percentages.
    /// </summary>
    Probabilities,

    /// <summary>Probabilities of independent classes, each 0…1.</summary>
    IndependentProbabilities,
}

/// <summary>The location of the class scores.</summary>
internal sealed record ScoreSource
{
    /// <summary>The output that was requested or chosen.</summary>
    public required string Output { get; init; }

    /// <summary>The tensor to score: the tensor before the ending, or else the output.</summary>
    public required string Tensor { get; init; }

    public required Ending Ending { get; init; }

    /// <summary>The meaning of the values of <see cref="Tensor"/>.</summary>
    public ScoreValues Values { get; init; }

    /// <summary>Whether the vector of scores has length 1 for every picture, as an embedding does.</summary>
    public bool IsEmbedding { get; init; }

    /// <summary>
    /// How to convert <see cref="Tensor"/> to real numbers if it contains integers; null for real numbers.
    /// </summary>
    public Quantization? Quantization { get; init; }

    /// <summary>Other outputs that could be scored instead, and that are not the same scores in another form.</summary>
    public IReadOnlyList<string> AlternativeOutputs { get; init; } = [];

    /// <summary>A warning about the choice of the output; null if the choice is certain.</summary>
    public string? Warning { get; init; }

    /// <summary>Whether the graph alone determines the meaning of the values, so that no trial run is needed.</summary>
    public bool IsCertain { get; init; } = true;
}
