using System.Buffers.Binary;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// Reads the values of a constant tensor of real numbers from the model's bytes, and overwrites them in place.
/// </summary>
internal static class FloatTensor
{
    /// <summary>Whether the tensor has float32 or float16 values inside the model.</summary>
    public static bool IsReadable(OnnxInitializer tensor)
    {
        if (tensor.IsSparse || tensor.ExternalLocation is not null || tensor.Range.IsNone)
            return false;
        return tensor.ElementType == ElementType.Float
            || (tensor.ElementType == ElementType.Float16 && tensor.RawData is not null);
    }

    /// <summary>Returns the values, row-major.</summary>
    /// <exception cref="UnsupportedModelException">The values are not floats inside the model.</exception>
    public static float[] Read(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        if (tensor.Floats is { } stated)
            return [.. stated];
        // The stored bytes are counted first, so that a wrong shape does not allocate memory.
        List<ByteRange> stretches = Stretches(model, tensor);
        var values = new float[Count(tensor)];
        bool isHalf = tensor.ElementType == ElementType.Float16;
        int i = 0;
        foreach (ByteRange range in stretches)
        {
            for (ReadOnlySpan<byte> bytes = range.Of(model); bytes.Length > 0; bytes = bytes[(isHalf ? 2 : 4)..])
            {
                values[i++] = isHalf
                    ? (float)BinaryPrimitives.ReadHalfLittleEndian(bytes)
                    : BinaryPrimitives.ReadSingleLittleEndian(bytes);
            }
        }
        return values;
    }

    /// <summary>Replaces the values in the model's bytes.</summary>
    /// <inheritdoc cref="Read"/>
    public static void Write(Span<byte> model, OnnxInitializer tensor, ReadOnlySpan<float> values)
    {
        bool isHalf = tensor.ElementType == ElementType.Float16;
        foreach (ByteRange range in Stretches(model, tensor))
        {
            Span<byte> bytes = model.Slice(range.Start, range.Length);
            for (; bytes.Length > 0; bytes = bytes[(isHalf ? 2 : 4)..], values = values[1..])
            {
                if (isHalf)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)values[0]);
                else
                    BinaryPrimitives.WriteSingleLittleEndian(bytes, values[0]);
            }
        }
    }

    /// <summary>Returns the ranges of the values: raw data, packed lists or single values.</summary>
    private static List<ByteRange> Stretches(ReadOnlySpan<byte> model, OnnxInitializer tensor)
    {
        if (!IsReadable(tensor))
        {
            string place = tensor.ExternalLocation is null ? "" : ", stored in another file";
            throw new UnsupportedModelException(
                $"The weights '{tensor.Name}' are not float32 or float16 values inside of the model "
                + $"(element type {tensor.ElementType}{place}); only those can be read.");
        }
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
                if (field == Schema.Tensor.FloatData && type == WireType.Bytes)
                {
                    stretches.Add(reader.Range());
                    continue;
                }
                if (field == Schema.Tensor.FloatData && type == WireType.Fixed32)
                    stretches.Add(new ByteRange(reader.Position, 4));
                reader.Skip(type);
            }
        }
        int size = tensor.ElementType == ElementType.Float16 ? 2 : 4;
        long found = stretches.Sum(range => (long)range.Length);
        if (found != (long)Count(tensor) * size || stretches.Exists(range => range.Length % size != 0))
            throw new UnsupportedModelException(
                $"The weights '{tensor.Name}' hold {found} bytes, which does not fit their shape "
                + $"[{string.Join(", ", tensor.Dims)}]: the model is damaged.");
        return stretches;
    }

    /// <summary>
    /// Returns the number of values of the tensor's shape; −1 if the shape is invalid, or if an array cannot hold the
    /// values.
    /// </summary>
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
