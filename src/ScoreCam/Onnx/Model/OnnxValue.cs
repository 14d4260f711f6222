using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>A declared input, output or intermediate value of the graph.</summary>
internal sealed record OnnxValue
{
    public required string Name { get; init; }

    /// <summary>
    /// Whether the value is a tensor. True for values declared without a type, and false for sequences, maps and
    /// optionals.
    /// </summary>
    public bool IsTensor { get; init; } = true;

    /// <summary>The element type; undefined if it is not declared.</summary>
    public ElementType ElementType { get; init; }

    /// <summary>The dimensions, with −1 for a free dimension; null if no shape is declared.</summary>
    public IReadOnlyList<long>? Dims { get; init; }

    /// <summary>
    /// The range of the ValueInfoProto in the model's bytes. Empty for a value that this library declared.
    /// </summary>
    public ByteRange Range { get; init; }

    /// <summary>Reads a ValueInfoProto.</summary>
    public static OnnxValue Read(ref ProtoReader outer)
    {
        ByteRange range = outer.Peek();
        ProtoReader reader = outer.Message();
        string name = "";
        ValueType known = new(true, ElementType.Undefined, null);
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Value.Name, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (Schema.Value.Type, WireType.Bytes):
                    known = ReadType(reader.Message(), known);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new OnnxValue
        {
            Name = name,
            IsTensor = known.IsTensor,
            ElementType = known.ElementType,
            Dims = known.Dims,
            Range = range,
        };
    }

    /// <summary>Returns the value as text for messages: <c>input [?, 3, 224, 224]</c>.</summary>
    public override string ToString() =>
        !IsTensor ? $"{Name} (not a tensor)"
        : Dims is null ? $"{Name} (shape not stated)"
        : $"{Name} [{string.Join(", ", Dims.Select(d => d < 0 ? "?" : d.ToString()))}]";

    private static ValueType ReadType(ProtoReader reader, ValueType value)
    {
        while (reader.Next(out int field, out WireType type))
        {
            // The fields are alternatives, and the last one counts.
            bool isKind = field is Schema.Type.Tensor or Schema.Type.Sequence or Schema.Type.Map
                or Schema.Type.Opaque or Schema.Type.SparseTensor or Schema.Type.Optional;
            if (type != WireType.Bytes || !isKind)
            {
                reader.Skip(type);
                continue;
            }
            ProtoReader inner = reader.Message();
            value = field == Schema.Type.Tensor
                ? ReadTensorType(inner, value with { IsTensor = true })
                : new ValueType(false, ElementType.Undefined, null);
        }
        return value;
    }

    private static ValueType ReadTensorType(ProtoReader reader, ValueType value)
    {
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.TensorType.ElementType, WireType.Varint):
                    value = value with { ElementType = (ElementType)reader.Int32() };
                    break;
                case (Schema.TensorType.Shape, WireType.Bytes):
                    value = value with { Dims = value.Dims ?? [] };
                    ReadShape(reader.Message(), value.Dims);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return value;
    }

    private static void ReadShape(ProtoReader reader, List<long> dims)
    {
        while (reader.Next(out int field, out WireType type))
        {
            if (field == Schema.Shape.Dimension && type == WireType.Bytes)
                dims.Add(ReadDimension(reader.Message()));
            else
                reader.Skip(type);
        }
    }

    private static long ReadDimension(ProtoReader reader)
    {
        long size = -1;
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Dimension.Size, WireType.Varint):
                    size = Math.Max(-1, reader.Int64());
                    break;
                case (Schema.Dimension.Symbol, WireType.Bytes):
                    size = -1;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return size;
    }

    /// <summary>The contents of a TypeProto.</summary>
    private readonly record struct ValueType(bool IsTensor, ElementType ElementType, List<long>? Dims);
}
