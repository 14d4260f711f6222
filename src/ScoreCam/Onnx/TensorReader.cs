using System.Buffers.Binary;

namespace ScoreCam.Onnx;

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
        List<long> dims = [], listed = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Varint or WireType.Bytes):
                    reader.Int64s(type, dims);
                    break;
                case (5 or 7, WireType.Varint) when listed.Count < SmallCount:
                    listed.Add(reader.Int64());
                    break;
                case (5 or 7, WireType.Bytes) when reader.Peek().Length <= SmallCount * 10:
                    reader.Int64s(type, listed);
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
            Integers = SmallIntegers(dataType, dims, listed, raw is { Length: <= SmallCount * 8 } bytes ? reader.Slice(bytes) : default),
            ExternalLocation = outside ? location ?? "" : null,
        };
    }

    private static List<long>? SmallIntegers(int dataType, List<long> dims, List<long> listed, ReadOnlySpan<byte> raw)
    {
        if (dataType is not (Int32 or Int64) || dims.Count > 1)
            return null;
        long count = dims.Count == 0 ? 1 : dims[0];
        int size = dataType == Int64 ? 8 : 4;
        if (count is < 0 or > SmallCount)
            return null;
        if (listed.Count == count)
            return listed;
        if (raw.Length != count * size)
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
                    values = Read(ref reader);
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
