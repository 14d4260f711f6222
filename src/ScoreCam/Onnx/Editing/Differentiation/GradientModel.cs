namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// Runs a model on pictures of zeros and describes its tensors. Returns null if the model cannot run on this number of
/// pictures.
/// </summary>
/// <param name="model">The model's bytes.</param>
/// <param name="batch">The number of pictures.</param>
/// <returns>The inputs and outputs of the model by name.</returns>
internal delegate IReadOnlyDictionary<string, TensorSample>? ModelProbe(byte[] model, int batch);

/// <summary>The gradients to compute.</summary>
internal sealed record GradientRequest
{
    /// <summary>The tensor of logits. Its gradient, the seed, is an input of the gradient model.</summary>
    public required string Logits { get; init; }

    /// <summary>The tensors whose gradients are requested: layers, or the network's input.</summary>
    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>Other tensors that remain outputs of the model.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>
    /// Whether to use guided backpropagation, in which Relu, and Clip with a lower bound of 0, also stop negative
    /// gradients.
    /// </summary>
    public bool IsGuided { get; init; }

    /// <summary>Whether to compute b · g for the bias b of each node, where g is the gradient of its output.</summary>
    public bool WithBiases { get; init; }

    /// <summary>The number of pictures per run, if the model fixes it; null if it is free.</summary>
    public int? Batch { get; init; }
}

/// <summary>A model that computes logits, activations and gradients.</summary>
internal sealed record GradientModel
{
    public required byte[] Bytes { get; init; }

    /// <summary>
    /// The input for the gradient of the target with respect to the logits. It has the shape of the logits.
    /// </summary>
    public required string Seed { get; init; }

    /// <summary>The shape of the logits and of the seed, with −1 for the batch.</summary>
    public required IReadOnlyList<long> LogitsShape { get; init; }

    /// <summary>The outputs with the gradients, in the order of the requested tensors.</summary>
    public required IReadOnlyList<string> Gradients { get; init; }

    /// <summary>The tensors whose nodes have a bias, and the outputs with b · g, last node first.</summary>
    public required IReadOnlyList<(string Tensor, string Output)> Biases { get; init; }

    /// <summary>The number of pictures per run, if it is fixed; null if it is free.</summary>
    public required int? Batch { get; init; }

    /// <summary>
    /// Whether a batch can be rounded differently than single pictures, because ONNX Runtime reduces a batch of one in
    /// another order.
    /// </summary>
    public required bool BatchChangesRounding { get; init; }

    /// <summary>The approximate memory of a run per picture, in bytes.</summary>
    public required long BytesPerPicture { get; init; }

    /// <summary>The number of nodes at which guided backpropagation differs from the plain gradient.</summary>
    public required int GuidedNodes { get; init; }
}
