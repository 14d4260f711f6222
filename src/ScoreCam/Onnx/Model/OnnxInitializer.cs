using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>A constant tensor: where its values are, and the values themselves only where they are few.</summary>
internal sealed record OnnxInitializer
{
    public required string Name { get; init; }

    public required ElementType ElementType { get; init; }

    public required IReadOnlyList<long> Dims { get; init; }

    /// <summary>
    /// The TensorProto (SparseTensorProto if <see cref="IsSparse"/>) in the model's bytes; none for a constant that was
    /// made here.
    /// </summary>
    public ByteRange Range { get; init; }

    /// <summary>The raw_data in the model's bytes; null where the values are stored in another way.</summary>
    public ByteRange? RawData { get; init; }

    /// <summary>
    /// The values of a scalar or short list of integers (a shape, axes); null for every other tensor.
    /// </summary>
    public IReadOnlyList<long>? Integers { get; init; }

    /// <summary>The value of a Constant node that states a float, or a list of floats, as its attribute.</summary>
    public IReadOnlyList<float>? Floats { get; init; }

    /// <summary>The file of the values, as the model names it, where they are outside of the model.</summary>
    public string? ExternalLocation { get; init; }

    public bool IsSparse { get; init; }
}
