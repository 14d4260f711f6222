using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// A constant tensor. It stores the location of the values, and the values themselves only if there are few.
/// </summary>
internal sealed record OnnxInitializer
{
    public required string Name { get; init; }

    public required ElementType ElementType { get; init; }

    public required IReadOnlyList<long> Dims { get; init; }

    /// <summary>
    /// The range of the TensorProto (SparseTensorProto if <see cref="IsSparse"/>) in the model's bytes. Empty for a
    /// constant that this library created.
    /// </summary>
    public ByteRange Range { get; init; }

    /// <summary>The range of raw_data in the model's bytes; null if the values are stored in another way.</summary>
    public ByteRange? RawData { get; init; }

    /// <summary>
    /// The values of a scalar or a short list of integers (a shape, axes); null for all other tensors.
    /// </summary>
    public IReadOnlyList<long>? Integers { get; init; }

    /// <summary>The value of a Constant node whose attribute is a float or a list of floats.</summary>
    public IReadOnlyList<float>? Floats { get; init; }

    /// <summary>The file of the values, as named in the model, if the values are outside the model.</summary>
    public string? ExternalLocation { get; init; }

    public bool IsSparse { get; init; }
}
