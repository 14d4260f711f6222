namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// Runs a model on pictures of zeros and says what its tensors are; null where it cannot run on so many.
/// </summary>
/// <param name="model">The model's bytes.</param>
/// <param name="batch">Number of pictures.</param>
/// <returns>The inputs and outputs of the model by name.</returns>
internal delegate IReadOnlyDictionary<string, TensorSample>? ModelProbe(byte[] model, int batch);

/// <summary>What to differentiate.</summary>
internal sealed record GradientRequest
{
    /// <summary>The tensor of logits. Its gradient, the seed, is an input of the gradient model.</summary>
    public required string Logits { get; init; }

    /// <summary>Tensors whose gradient is asked for: layers, or the network's input.</summary>
    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>Other tensors that stay outputs of the model.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Guided backpropagation: Relu, and Clip from 0, stop negative gradients as well.</summary>
    public bool IsGuided { get; init; }

    /// <summary>Also computes b · g for the bias b of each node, where g is the gradient of its output.</summary>
    public bool WithBiases { get; init; }

    /// <summary>The number of pictures of a run, where the model fixes it; null where it is free.</summary>
    public int? Batch { get; init; }
}

/// <summary>A model whose run gives logits, activations and gradients.</summary>
internal sealed record GradientModel
{
    public required byte[] Bytes { get; init; }

    /// <summary>The input for the gradient of the target by the logits. It has the shape of the logits.</summary>
    public required string Seed { get; init; }

    /// <summary>The shape of logits and seed; −1 for the batch.</summary>
    public required IReadOnlyList<long> LogitsShape { get; init; }

    /// <summary>The outputs with the gradients, in the order of the tensors that were asked for.</summary>
    public required IReadOnlyList<string> Gradients { get; init; }

    /// <summary>The tensors whose nodes have a bias, and the outputs with b · g, last node first.</summary>
    public required IReadOnlyList<(string Tensor, string Output)> Biases { get; init; }

    /// <summary>The number of pictures of a run, where it is fixed; null where it is free.</summary>
    public required int? Batch { get; init; }

    /// <summary>
    /// Whether a batch may round otherwise than single pictures: ONNX Runtime reduces a batch of one in another order.
    /// </summary>
    public required bool BatchChangesRounding { get; init; }

    /// <summary>About how much memory a run takes per picture.</summary>
    public required long BytesPerPicture { get; init; }

    /// <summary>Nodes at which guided backpropagation differs from the plain gradient.</summary>
    public required int GuidedNodes { get; init; }
}
