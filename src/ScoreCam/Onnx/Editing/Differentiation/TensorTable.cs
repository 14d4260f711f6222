using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>The type, shape and values of a tensor in one run of a model.</summary>
/// <param name="ElementType">The element type.</param>
/// <param name="Dims">The shape in this run.</param>
/// <param name="Integers">The values of a short tensor of integers or masks; null for other tensors.</param>
internal sealed record TensorSample(ElementType ElementType, IReadOnlyList<long> Dims, IReadOnlyList<long>? Integers);

/// <summary>
/// The shapes, types and constant values of a network's tensors. The shapes come from runs with two batch sizes. A
/// dimension that changes is free, and all others are fixed. This is correct for every operator and needs no shape
/// inference.
/// </summary>
internal sealed class TensorTable
{
    /// <summary>The value for a free dimension.</summary>
    public const long Free = -1;

    private readonly OnnxGraph _graph;
    private readonly IReadOnlyDictionary<string, TensorSample> _first;
    private readonly IReadOnlyDictionary<string, TensorSample> _second;
    private readonly HashSet<string> _dataDependent;

    /// <param name="graph">The network.</param>
    /// <param name="first">The inputs and computed tensors of one run.</param>
    /// <param name="second">
    /// The same for a run with another batch size. If the batch size is fixed, it is the first run again.
    /// </param>
    public TensorTable(
        OnnxGraph graph, IReadOnlyDictionary<string, TensorSample> first,
        IReadOnlyDictionary<string, TensorSample> second)
    {
        (_graph, _first, _second) = (graph, first, second);
        _dataDependent = graph.Descendants(graph.Inputs.Select(input => input.Name), Operators.ReadsShapeOnly);
    }

    public OnnxGraph Graph => _graph;

    /// <summary>
    /// Whether two runs gave tensors of the same rank, and one row of logits per picture. A network can drop a batch
    /// dimension of 1.
    /// </summary>
    public static bool IsSameNetwork(
        IReadOnlyDictionary<string, TensorSample> first, IReadOnlyDictionary<string, TensorSample> second) =>
        first.All(pair => second[pair.Key].Dims.Count == pair.Value.Dims.Count);

    /// <summary>Returns the shape of a tensor, with −1 for a dimension that depends on the batch.</summary>
    public long[] Dims(string tensor)
    {
        if (_graph.Constant(tensor) is { } constant)
            return [.. constant.Dims];
        TensorSample first = Sample(tensor);
        IReadOnlyList<long> other = _second[tensor].Dims;
        return [.. first.Dims.Select((size, i) => i < other.Count && size == other[i] ? size : Free)];
    }

    /// <summary>Whether the first dimensions of two tensors are free and always equal.</summary>
    public bool ShareBatch(string a, string b) => Dims(a) is [< 0, ..] && Dims(b) is [< 0, ..]
        && _first[a].Dims[0] == _first[b].Dims[0] && _second[a].Dims[0] == _second[b].Dims[0];

    public int Rank(string tensor) => _graph.Constant(tensor)?.Dims.Count ?? Sample(tensor).Dims.Count;

    public ElementType Type(string tensor) => _graph.Constant(tensor)?.ElementType ?? Sample(tensor).ElementType;

    /// <summary>
    /// Returns the values of a tensor of integers or masks that is the same for every picture and batch; null if it
    /// varies or is unknown.
    /// </summary>
    public IReadOnlyList<long>? Integers(string? tensor)
    {
        if (tensor is null)
            return null;
        if (_graph.Constant(tensor) is { } constant)
            return constant.Integers ?? IntegerTensor.Read(_graph.Bytes.Span, constant);
        if (_dataDependent.Contains(tensor) || !_first.TryGetValue(tensor, out TensorSample? sample))
            return null;
        IReadOnlyList<long>? other = _second[tensor].Integers;
        return sample.Integers is { } values && other is not null && values.SequenceEqual(other) ? values : null;
    }

    /// <summary>Returns the values of a stored constant of real numbers; null for other tensors.</summary>
    public float[]? Reals(string? tensor) =>
        _graph.Constant(tensor) is { } constant && (constant.Floats is not null || FloatTensor.IsReadable(constant))
            ? FloatTensor.Read(_graph.Bytes.Span, constant)
            : null;

    private TensorSample Sample(string tensor) => _first.TryGetValue(tensor, out TensorSample? sample)
        ? sample
        : throw Differentiator.Refusal($"the shape of the tensor '{tensor}' is not known");
}
