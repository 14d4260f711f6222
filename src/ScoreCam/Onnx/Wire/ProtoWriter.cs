using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ScoreCam.Onnx.Wire;

/// <summary>Writes protobuf's wire format.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public ProtoWriter Int64(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Length(field, value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>What stands before so many bytes, which the caller writes elsewhere.</summary>
    public ProtoWriter Length(int field, long length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
        return this;
    }

    /// <summary>Fields that are written already, with their tags.</summary>
    public ProtoWriter Raw(ReadOnlySpan<byte> fields)
    {
        _buffer.Write(fields);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.Written);

    private void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (ulong)type);

    private void Varint(ulong value)
    {
        Span<byte> span = _buffer.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
