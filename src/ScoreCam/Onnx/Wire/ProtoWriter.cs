using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ScoreCam.Onnx.Wire;

/// <summary>Writes bytes into a destination that has exactly the announced length.</summary>
internal delegate void ByteSource(Span<byte> destination);

/// <summary>
/// Writes protobuf's wire format. Small values are copied. Large ones are kept as references until
/// <see cref="ToArray"/>, so that a model's weights are copied once.
/// </summary>
internal sealed class ProtoWriter
{
    /// <summary>The largest length for which a copy is cheaper than a reference.</summary>
    private const int CopiedLength = 512;

    private readonly ArrayBufferWriter<byte> _small = new();
    private readonly List<Large> _large = [];
    private long _largeLength;

    /// <summary>Bytes written so far.</summary>
    public long Length => _small.WrittenCount + _largeLength;

    /// <summary>The bytes written so far.</summary>
    public ReadOnlySpan<byte> Written => _large.Count == 0 ? _small.WrittenSpan : ToArray();

    public ProtoWriter Int64(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
        return this;
    }

    /// <summary>Writes a repeated integer field, not packed.</summary>
    public ProtoWriter Int64s(int field, IReadOnlyList<long> values)
    {
        foreach (long value in values)
            Int64(field, value);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_small.GetSpan(4), value);
        _small.Advance(4);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Header(field, value.Length);
        _small.Write(value);
        return this;
    }

    /// <summary>Writes a bytes field. Its value is not copied before <see cref="ToArray"/>.</summary>
    public ProtoWriter Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Header(field, value.Length);
        return Raw(value);
    }

    /// <summary>Writes a bytes field. Its value is produced when the whole message is written.</summary>
    public ProtoWriter Bytes(int field, long length, ByteSource source)
    {
        Header(field, length);
        Add(new Large(_small.WrittenCount, length, source));
        return this;
    }

    public ProtoWriter Message(int field, ProtoWriter message)
    {
        Header(field, message.Length);
        return Raw(message);
    }

    /// <summary>
    /// Writes fields that are already encoded, with their tags. The bytes must not change before <see cref="ToArray"/>.
    /// </summary>
    public ProtoWriter Raw(ReadOnlyMemory<byte> fields)
    {
        if (fields.Length <= CopiedLength)
            _small.Write(fields.Span);
        else
            Add(new Large(_small.WrittenCount, fields.Length, destination => fields.Span.CopyTo(destination)));
        return this;
    }

    /// <summary>Writes the fields of another writer.</summary>
    public ProtoWriter Raw(ProtoWriter fields)
    {
        int before = _small.WrittenCount;
        _small.Write(fields._small.WrittenSpan);
        foreach (Large large in fields._large)
            Add(large with { Position = before + large.Position });
        return this;
    }

    /// <summary>Returns all bytes in one array.</summary>
    /// <exception cref="OverflowException">The bytes do not fit into one array.</exception>
    public byte[] ToArray()
    {
        byte[] whole = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        int copied = 0, position = 0;
        foreach (Large large in _large)
        {
            CopySmall(large.Position);
            large.Source(whole.AsSpan(position, (int)large.Length));
            position += (int)large.Length;
        }
        CopySmall(_small.WrittenCount);
        return whole;

        void CopySmall(int end)
        {
            _small.WrittenSpan[copied..end].CopyTo(whole.AsSpan(position));
            position += end - copied;
            copied = end;
        }
    }

    private void Add(Large large)
    {
        _large.Add(large);
        _largeLength += large.Length;
    }

    private void Header(int field, long length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
    }

    private void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (ulong)type);

    private void Varint(ulong value)
    {
        Span<byte> span = _small.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _small.Advance(length);
    }

    /// <summary>A large value.</summary>
    /// <param name="Position">The number of small bytes before it.</param>
    /// <param name="Length">Its length in bytes.</param>
    /// <param name="Source">Writes the value.</param>
    private readonly record struct Large(int Position, long Length, ByteSource Source);
}
