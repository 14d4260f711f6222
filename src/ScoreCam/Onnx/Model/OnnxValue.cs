namespace ScoreCam.Onnx.Model;

/// <summary>A declared input, output or intermediate value of the graph.</summary>
internal sealed record OnnxValue
{
    public required string Name { get; init; }

    /// <summary>False for sequences, maps and optionals; true for tensors and for values declared without a type.</summary>
    public required bool IsTensor { get; init; }

    /// <summary>ONNX's number of the element type; 0 where it is not stated.</summary>
    public required int ElementType { get; init; }

    /// <summary>Dimensions, −1 where free; null where no shape is stated.</summary>
    public required IReadOnlyList<long>? Dims { get; init; }

    /// <summary>For messages: <c>input [?, 3, 224, 224]</c>.</summary>
    public override string ToString() =>
        !IsTensor ? $"{Name} (not a tensor)"
        : Dims is null ? $"{Name} (shape not stated)"
        : $"{Name} [{string.Join(", ", Dims.Select(d => d < 0 ? "?" : d.ToString()))}]";
}
