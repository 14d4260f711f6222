using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// The shapes of a network's tensors for one picture (or for the fixed batch), as determined by one run.
/// </summary>
/// <param name="Shapes">The dimensions, by the name of the tensor.</param>
/// <param name="Integers">
/// The values of small integer tensors that the network computes, for example bounds of slices and axes.
/// </param>
internal sealed record TensorShapes(
    IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes, IReadOnlyDictionary<string, IReadOnlyList<long>> Integers)
{
    /// <summary>The shape of a tensor; null if it is unknown.</summary>
    public IReadOnlyList<long>? this[string tensor] => Shapes.GetValueOrDefault(tensor);

    /// <summary>
    /// Returns the values of a small integer tensor, whether the model stores or computes it; null if they are unknown.
    /// </summary>
    public IReadOnlyList<long>? ValuesOf(OnnxGraph graph, string? tensor) =>
        Constants.Integers(graph, tensor) ?? (tensor is null ? null : Integers.GetValueOrDefault(tensor));
}
