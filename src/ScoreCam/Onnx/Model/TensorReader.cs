using System.Buffers.Binary;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads TensorProto and SparseTensorProto without their values, except small integer tensors: they hold shapes and axes.</summary>
internal static class TensorReader
{
    private const long StoredOutside = 1;
    private const int Int32 = 6, Int64 = 7;
    private const int SmallCount = 16;

    public static OnnxInitializer Read(ref ProtoReader outer)
    {
        ByteRange range = outer.Peek();
        ProtoReader reader = outer.Message();
        string name = "";
        string? location = null;
        int dataType = 0;
        bool outside = false;
        ByteRange? raw = null;
        List<long> dims = [], int32s = [], int64s = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, dims);
                    break;
                // One more than is small shows that there are too many.
                case (5 or 7, WireType.Varint or WireType.Bytes) when (field == 5 ? int32s : int64s) is { Count: <= SmallCount } listed:
                    Listed(ref reader, type, listed);
                    break;
                case (2, WireType.Varint):
                    dataType = reader.Int32();
                    break;
                case (8, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (9, WireType.Bytes):
                    raw = reader.Range();
                    break;
                case (13, WireType.Bytes):
                    (string key, string value) = OnnxReader.ReadEntry(reader.Message());
                    location = key == "location" ? value : location;
                    break;
                case (14, WireType.Varint):
                    outside = reader.Int64() == StoredOutside;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new OnnxInitializer
        {
            Name = name,
            DataType = dataType,
            Dims = dims.Count == 0 ? [] : dims,
            Range = range,
            RawData = raw,
            Integers = dataType is not (Int32 or Int64) || dims.Count > 1 ? null
                : raw is { } bytes ? RawIntegers(dataType == Int64 ? 8 : 4, Count(dims), reader.Slice(bytes))
                // Of a longer number protobuf keeps the lower 32 bits.
                : dataType == Int64 ? Listed(int64s, dims) : Listed([.. int32s.Select(value => (long)unchecked((int)value))], dims),
            ExternalLocation = outside ? location ?? "" : null,
        };
    }

    private static void Listed(ref ProtoReader reader, WireType type, List<long> values)
    {
        if (type == WireType.Varint)
        {
            values.Add(reader.Int64());
            return;
        }
        ProtoReader packed = reader.Message();
        while (!packed.AtEnd)
        {
            long value = packed.Int64();
            if (values.Count <= SmallCount)
                values.Add(value);
        }
    }

    private static long Count(List<long> dims) => dims.Count == 0 ? 1 : dims[0];

    private static List<long>? Listed(List<long> values, List<long> dims) => values.Count <= SmallCount && values.Count == Count(dims) ? values : null;

    private static List<long>? RawIntegers(int size, long count, ReadOnlySpan<byte> raw)
    {
        if (count is < 0 or > SmallCount || raw.Length != count * size)
            return null;
        List<long> values = [];
        for (; !raw.IsEmpty; raw = raw[size..])
            values.Add(size == 8 ? BinaryPrimitives.ReadInt64LittleEndian(raw) : BinaryPrimitives.ReadInt32LittleEndian(raw));
        return values;
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
                case (1, WireType.Bytes):
                    // As with an attribute's tensor.
                    values = values is null ? Read(ref reader) : throw new InvalidDataException($"a second tensor of values in a sparse one at byte {reader.Position}");
                    break;
                case (3, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, dims);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new OnnxInitializer { Name = values?.Name ?? "", DataType = values?.DataType ?? 0, Dims = dims, Range = range, IsSparse = true };
    }
}
