using System.Buffers.Binary;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads the values of a constant tensor of integers or masks from the model's bytes.</summary>
internal static class IntegerTensor
{
    /// <summary>
    /// Returns the values, row-major; null if they are not int64, int32 or bool values inside the model.
    /// </summary>
    public static IReadOnlyList<long>? Read(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        if (tensor.ElementType is not (ElementType.Int64 or ElementType.Int32 or ElementType.Bool))
            return null;
        if (tensor.IsSparse || tensor.ExternalLocation is not null)
            return null;
        if (tensor.Range.IsNone)
            return tensor.Integers;
        return tensor.RawData is { } raw ? Raw(raw.Of(model), tensor.ElementType) : Listed(model, tensor);
    }

    private static List<long> Raw(ReadOnlySpan<byte> bytes, ElementType type)
    {
        List<long> values = [];
        int size = type.BytesPerValue()!.Value;
        for (; bytes.Length >= size; bytes = bytes[size..])
        {
            values.Add(type switch
            {
                ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
                ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
                _ => bytes[0],
            });
        }
        return values;
    }

    private static List<long> Listed(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        bool isLong = tensor.ElementType == ElementType.Int64;
        int wanted = isLong ? Schema.Tensor.Int64Data : Schema.Tensor.Int32Data;
        List<long> values = [];
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
