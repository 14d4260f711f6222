using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The shapes of a network's tensors for one picture (or the fixed batch), as one run gave them.</summary>
/// <param name="Shapes">Dimensions by the tensor's name.</param>
/// <param name="Integers">
/// The values of small integer tensors that the network computes: bounds of slices, axes.
/// </param>
internal sealed record TensorShapes(
    IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes, IReadOnlyDictionary<string, IReadOnlyList<long>> Integers)
{
    /// <summary>The shape of a tensor; null where it is not known.</summary>
    public IReadOnlyList<long>? this[string tensor] => Shapes.GetValueOrDefault(tensor);

    /// <summary>
    /// The values of a small integer tensor, whether the model stores or computes it; null where they are not known.
    /// </summary>
    public IReadOnlyList<long>? ValuesOf(OnnxGraph graph, string? tensor) =>
        Constants.Integers(graph, tensor) ?? (tensor is null ? null : Integers.GetValueOrDefault(tensor));
}
