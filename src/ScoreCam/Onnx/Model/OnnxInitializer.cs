using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>A constant tensor of the model: where it stands, not what it holds.</summary>
internal sealed record OnnxInitializer
{
    public required string Name { get; init; }

    /// <summary>ONNX's number of the element type: 1 float, 2 uint8, 3 int8, 6 int32, 7 int64, 10 float16, …</summary>
    public required int DataType { get; init; }

    public required IReadOnlyList<long> Dims { get; init; }

    /// <summary>The TensorProto (SparseTensorProto if <see cref="IsSparse"/>) in the model's bytes.</summary>
    public required ByteRange Range { get; init; }

    /// <summary>The raw_data in the model's bytes; null where the values are stored in another way.</summary>
    public ByteRange? RawData { get; init; }

    /// <summary>The values of a small integer tensor (a shape, axes); null for every other tensor.</summary>
    public IReadOnlyList<long>? Integers { get; init; }

    /// <summary>File of the values, as the model states it, where they stand outside of the model.</summary>
    public string? ExternalLocation { get; init; }

    public bool IsSparse { get; init; }
}
