using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>What one run of a model gave for a tensor.</summary>
/// <param name="ElementType">The element type.</param>
/// <param name="Dims">The shape in this run.</param>
/// <param name="Integers">The values of a short tensor of integers or masks; null for other tensors.</param>
internal sealed record TensorSample(ElementType ElementType, IReadOnlyList<long> Dims, IReadOnlyList<long>? Integers);

/// <summary>
/// Shapes, types and constant values of the tensors of a network. Shapes come from running the network with two batch
/// sizes: a dimension that changes is free, every other one is fixed. This is correct for every operator and needs no
/// shape inference.
/// </summary>
internal sealed class TensorTable
{
    /// <summary>A free dimension.</summary>
    public const long Free = -1;

    private readonly OnnxGraph _graph;
    private readonly IReadOnlyDictionary<string, TensorSample> _first;
    private readonly IReadOnlyDictionary<string, TensorSample> _second;
    private readonly HashSet<string> _dataDependent;

    /// <param name="graph">The network.</param>
    /// <param name="first">What a run gave for inputs and computed tensors.</param>
    /// <param name="second">The same for another batch size; the same run again if the batch is fixed.</param>
    public TensorTable(
        OnnxGraph graph, IReadOnlyDictionary<string, TensorSample> first,
        IReadOnlyDictionary<string, TensorSample> second)
    {
        (_graph, _first, _second) = (graph, first, second);
        _dataDependent = graph.Descendants(graph.Inputs.Select(input => input.Name), Operators.ReadsShapeOnly);
    }

    public OnnxGraph Graph => _graph;

    /// <summary>
    /// Whether two runs gave tensors of the same rank, and one row of logits for each picture: a network may drop a
    /// batch of one.
    /// </summary>
    public static bool IsSameNetwork(
        IReadOnlyDictionary<string, TensorSample> first, IReadOnlyDictionary<string, TensorSample> second) =>
        first.All(pair => second[pair.Key].Dims.Count == pair.Value.Dims.Count);

    /// <summary>The shape of a tensor; −1 for a dimension that depends on the batch.</summary>
    public long[] Dims(string tensor)
    {
        if (_graph.Constant(tensor) is { } constant)
            return [.. constant.Dims];
        TensorSample first = Sample(tensor);
        IReadOnlyList<long> other = _second[tensor].Dims;
        return [.. first.Dims.Select((size, i) => i < other.Count && size == other[i] ? size : Free)];
    }

    /// <summary>Whether the first dimensions of two tensors are free, and always the same.</summary>
    public bool ShareBatch(string a, string b) => Dims(a) is [< 0, ..] && Dims(b) is [< 0, ..]
        && _first[a].Dims[0] == _first[b].Dims[0] && _second[a].Dims[0] == _second[b].Dims[0];

    public int Rank(string tensor) => _graph.Constant(tensor)?.Dims.Count ?? Sample(tensor).Dims.Count;

    public ElementType Type(string tensor) => _graph.Constant(tensor)?.ElementType ?? Sample(tensor).ElementType;

    /// <summary>
    /// The values of a tensor of integers or masks that is the same for every picture and batch; null where it is not,
    /// or is not known.
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

    /// <summary>The values of a stored constant of real numbers; null where the tensor is something else.</summary>
    public float[]? Reals(string? tensor) =>
        _graph.Constant(tensor) is { } constant && (constant.Floats is not null || FloatTensor.IsReadable(constant))
            ? FloatTensor.Read(_graph.Bytes.Span, constant)
            : null;

    private TensorSample Sample(string tensor) => _first.TryGetValue(tensor, out TensorSample? sample)
        ? sample
        : throw Differentiator.Refusal($"the shape of the tensor '{tensor}' is not known");
}
