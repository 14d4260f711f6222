using System.Buffers.Binary;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>The values of a constant tensor of real numbers in the model's bytes, read and overwritten in place.</summary>
internal static class FloatTensor
{
    private const int Single = 1, HalfType = 10;

    /// <summary>Whether the tensor holds float32 or float16 values inside of the model.</summary>
    public static bool IsReadable(OnnxInitializer tensor) =>
        tensor is { IsSparse: false, ExternalLocation: null } && (tensor.DataType == Single || (tensor.DataType == HalfType && tensor.RawData is not null));

    /// <summary>The values, row-major.</summary>
    /// <exception cref="UnsupportedModelException">They are not floats inside of the model.</exception>
    public static float[] Read(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        // First what is there: a shape that lies must not cost memory.
        List<ByteRange> stretches = Stretches(model, tensor);
        var values = new float[Count(tensor)];
        int i = 0;
        foreach (ByteRange range in stretches)
            for (ReadOnlySpan<byte> bytes = range.Of(model); bytes.Length > 0; i++)
            {
                bool isHalf = tensor.DataType == HalfType;
                values[i] = isHalf ? (float)BinaryPrimitives.ReadHalfLittleEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes);
                bytes = bytes[(isHalf ? 2 : 4)..];
            }
        return values;
    }

    /// <summary>Replaces the values in the model's bytes.</summary>
    /// <inheritdoc cref="Read"/>
    public static void Write(Span<byte> model, OnnxInitializer tensor, ReadOnlySpan<float> values)
    {
        foreach (ByteRange range in Stretches(model, tensor))
            for (Span<byte> bytes = model.Slice(range.Start, range.Length); bytes.Length > 0; values = values[1..])
            {
                bool isHalf = tensor.DataType == HalfType;
                if (isHalf)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)values[0]);
                else
                    BinaryPrimitives.WriteSingleLittleEndian(bytes, values[0]);
                bytes = bytes[(isHalf ? 2 : 4)..];
            }
    }

    /// <summary>Where the values stand: raw data, or a packed list, or a list of single values.</summary>
    private static List<ByteRange> Stretches(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        if (!IsReadable(tensor))
            throw new UnsupportedModelException(
                $"The weights '{tensor.Name}' are not float32 or float16 values inside of the model (element type {tensor.DataType}{(tensor.ExternalLocation is null ? "" : ", stored in another file")}); only those can be read.");
        List<ByteRange> stretches = [];
        if (tensor.RawData is { } raw)
        {
            stretches.Add(raw);
        }
        else
        {
            var reader = new ProtoReader(model, tensor.Range);
            while (reader.Next(out int field, out WireType type))
            {
                if (field == 4 && type == WireType.Bytes)
                {
                    stretches.Add(reader.Range());
                    continue;
                }
                if (field == 4 && type == WireType.Fixed32)
                    stretches.Add(new ByteRange(reader.Position, 4));
                reader.Skip(type);
            }
        }
        int size = tensor.DataType == HalfType ? 2 : 4;
        long found = stretches.Sum(range => (long)range.Length);
        return found == (long)Count(tensor) * size && stretches.TrueForAll(range => range.Length % size == 0) ? stretches
            : throw new UnsupportedModelException($"The weights '{tensor.Name}' hold {found} bytes, which is not what their shape [{string.Join(", ", tensor.Dims)}] asks for: the model is damaged.");
    }

    /// <summary>Values of this shape; −1 where it is no shape, or no array holds as many.</summary>
    private static int Count(OnnxInitializer tensor)
    {
        if (tensor.Dims.Contains(0))
            return 0;
        long count = 1;
        foreach (long size in tensor.Dims)
        {
            if (size < 0 || size > Array.MaxLength / count)
                return -1;
            count *= size;
        }
        return (int)count;
    }
}
