using System.Buffers.Binary;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads the values of a constant tensor of integers from the model's bytes.</summary>
internal static class IntegerTensor
{
    /// <summary>The values, row-major; null where they are not int64 or int32 values inside of the model.</summary>
    public static IReadOnlyList<long>? Read(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        bool isLong = tensor.ElementType == ElementType.Int64;
        if (!isLong && tensor.ElementType != ElementType.Int32)
            return null;
        if (tensor.IsSparse || tensor.ExternalLocation is not null)
            return null;
        if (tensor.Range.IsNone)
            return tensor.Integers;
        List<long> values = [];
        if (tensor.RawData is { } raw)
        {
            int size = isLong ? 8 : 4;
            for (ReadOnlySpan<byte> bytes = raw.Of(model); bytes.Length >= size; bytes = bytes[size..])
            {
                values.Add(isLong
                    ? BinaryPrimitives.ReadInt64LittleEndian(bytes)
                    : BinaryPrimitives.ReadInt32LittleEndian(bytes));
            }
            return values;
        }
        int wanted = isLong ? Schema.Tensor.Int64Data : Schema.Tensor.Int32Data;
        var reader = new ProtoReader(model, tensor.Range);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == wanted && type is WireType.Varint or WireType.Bytes)
                reader.Int64s(type, values);
            else
                reader.Skip(type);
        }
        return isLong ? values : [.. values.Select(value => (long)unchecked((int)value))];
    }
}
