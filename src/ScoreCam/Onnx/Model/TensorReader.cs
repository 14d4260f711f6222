using System.Buffers.Binary;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// Reads TensorProto and SparseTensorProto without their values, except for short lists of integers (shapes, axes).
/// </summary>
internal static class TensorReader
{
    /// <summary>The largest number of values that are read together with the graph.</summary>
    public const int SmallCount = 16;

    public static OnnxInitializer Read(ref ProtoReader outer)
    {
        ByteRange range = outer.Peek();
        ProtoReader reader = outer.Message();
        string name = "";
        string? location = null;
        var elementType = ElementType.Undefined;
        bool outside = false;
        ByteRange? raw = null;
        List<long> dims = [], int32s = [], int64s = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Tensor.Dims, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, dims);
                    break;
                // One value more than SmallCount shows that there are too many.
                case (Schema.Tensor.Int32Data, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, int32s, SmallCount + 1);
                    break;
                case (Schema.Tensor.Int64Data, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, int64s, SmallCount + 1);
                    break;
                case (Schema.Tensor.ElementType, WireType.Varint):
                    elementType = (ElementType)reader.Int32();
                    break;
                case (Schema.Tensor.Name, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (Schema.Tensor.RawData, WireType.Bytes):
                    raw = reader.Range();
                    break;
                case (Schema.Tensor.ExternalData, WireType.Bytes):
                    (string key, string value) = OnnxReader.ReadEntry(reader.Message());
                    location = key == "location" ? value : location;
                    break;
                case (Schema.Tensor.DataLocation, WireType.Varint):
                    outside = reader.Int64() == Schema.External;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        List<long>? integers = dims.Count > 1 ? null : elementType switch
        {
            ElementType.Int64 or ElementType.Int32 when raw is { } bytes =>
                RawIntegers(elementType.BytesPerValue()!.Value, Count(dims), reader.Slice(bytes)),
            ElementType.Int64 => Listed(int64s, dims),
            // Protobuf keeps the lower 32 bits of a longer number.
            ElementType.Int32 => Listed([.. int32s.Select(value => (long)unchecked((int)value))], dims),
            _ => null,
        };
        return new OnnxInitializer
        {
            Name = name,
            ElementType = elementType,
            Dims = dims.Count == 0 ? [] : dims,
            Range = range,
            RawData = raw,
            Integers = integers,
            ExternalLocation = outside ? location ?? "" : null,
        };
    }

    public static OnnxInitializer ReadSparse(ref ProtoReader outer)
    {
        ByteRange range = outer.Peek();
        ProtoReader reader = outer.Message();
        OnnxInitializer? values = null;
        List<long> dims = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.SparseTensor.Values, WireType.Bytes):
                    // Protobuf would merge two tensors, but no exporter writes two.
                    if (values is not null)
                        throw new InvalidDataException(
                            $"a second tensor of values in a sparse one at byte {reader.Position}");
                    values = Read(ref reader);
                    break;
                case (Schema.SparseTensor.Dims, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, dims);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new OnnxInitializer
        {
            Name = values?.Name ?? "",
            ElementType = values?.ElementType ?? ElementType.Undefined,
            Dims = dims,
            Range = range,
            IsSparse = true,
        };
    }

    private static long Count(List<long> dims) => dims.Count == 0 ? 1 : dims[0];

    private static List<long>? Listed(List<long> values, List<long> dims) =>
        values.Count <= SmallCount && values.Count == Count(dims) ? values : null;

    private static List<long>? RawIntegers(int size, long count, ReadOnlySpan<byte> raw)
    {
        if (count is < 0 or > SmallCount || raw.Length != count * size)
            return null;
        List<long> values = [];
        for (; !raw.IsEmpty; raw = raw[size..])
        {
            long value = size == 8
                ? BinaryPrimitives.ReadInt64LittleEndian(raw)
                : BinaryPrimitives.ReadInt32LittleEndian(raw);
            values.Add(value);
        }
        return values;
    }
}
