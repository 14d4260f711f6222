using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads ValueInfoProto and the types and shapes inside.</summary>
internal static class ValueReader
{
    private const int TensorType = 1;

    public static OnnxValue Read(ProtoReader reader)
    {
        string name = "";
        bool isTensor = true;
        int elementType = 0;
        List<long>? dims = null;
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (2, WireType.Bytes):
                    ReadType(reader.Message(), ref isTensor, ref elementType, ref dims);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new OnnxValue { Name = name, IsTensor = isTensor, ElementType = elementType, Dims = dims };
    }

    private static void ReadType(ProtoReader reader, ref bool isTensor, ref int elementType, ref List<long>? dims)
    {
        while (reader.Next(out int field, out WireType type))
        {
            // One of: tensor 1, sequence 4, map 5, opaque 7, sparse tensor 8, optional 9; the last one counts.
            if (type != WireType.Bytes || field is not (TensorType or 4 or 5 or 7 or 8 or 9))
            {
                reader.Skip(type);
                continue;
            }
            isTensor = field == TensorType;
            ProtoReader inner = reader.Message();
            if (isTensor)
                ReadTensorType(inner, ref elementType, ref dims);
            else
                (elementType, dims) = (0, null);
        }
    }

    private static void ReadTensorType(ProtoReader reader, ref int elementType, ref List<long>? dims)
    {
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Varint):
                    elementType = reader.Int32();
                    break;
                case (2, WireType.Bytes):
                    dims ??= [];
                    ReadShape(reader.Message(), dims);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private static void ReadShape(ProtoReader reader, List<long> dims)
    {
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1 && type == WireType.Bytes)
                dims.Add(ReadDimension(reader.Message()));
            else
                reader.Skip(type);
        }
    }

    private static long ReadDimension(ProtoReader reader)
    {
        long value = -1;
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Varint):
                    value = Math.Max(-1, reader.Int64());
                    break;
                case (2, WireType.Bytes):
                    value = -1;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return value;
    }
}
