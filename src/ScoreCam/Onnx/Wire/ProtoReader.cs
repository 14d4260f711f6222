using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace ScoreCam.Onnx.Wire;

internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Part of the model's bytes: the content of a message, without its tag and length.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>
    /// Whether this is the default value. Every message in a model has a tag before it, so no message starts at 0.
    /// </summary>
    public bool IsNone => Start == 0;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> model) => model.Slice(Start, Length);

    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> model) => model.Slice(Start, Length);
}

/// <summary>
/// Reads protobuf's wire format from a span. Every read is checked against the end of the message. Malformed bytes
/// throw <see cref="InvalidDataException"/>. Every call consumes at least one byte, so reading always ends. Positions
/// are relative to the whole model.
/// </summary>
internal ref struct ProtoReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly int _end;
    private int _position;

    public ProtoReader(ReadOnlySpan<byte> data)
        : this(data, new ByteRange(0, data.Length))
    {
    }

    public ProtoReader(ReadOnlySpan<byte> data, ByteRange range)
    {
        _data = data;
        _position = range.Start;
        _end = range.End;
    }

    public readonly int Position => _position;

    public readonly bool AtEnd => _position == _end;

    /// <summary>Reads the next tag. Returns false at the end of the message.</summary>
    public bool Next(out int field, out WireType type)
    {
        field = 0;
        type = default;
        if (AtEnd)
            return false;
        int start = _position;
        ulong tag = Varint();
        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        if (tag > uint.MaxValue || field == 0)
            throw Malformed(start, "a field number out of range");
        // Groups (wire types 3 and 4) were deprecated before ONNX existed.
        if (type is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
            throw Malformed(start, $"wire type {(int)type}");
        return true;
    }

    public ulong Varint()
    {
        ulong value = 0;
        int start = _position;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_position == _end)
                throw Malformed(start, "a number that is cut off");
            byte next = _data[_position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw Malformed(start, "a number of more than ten bytes");
    }

    public long Int64() => (long)Varint();

    public int Int32() => (int)Varint();

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>Reads the range of a length-delimited field and skips its content.</summary>
    public ByteRange Range()
    {
        int start = _position;
        ulong length = Varint();
        if (length > (ulong)(_end - _position))
            throw Malformed(start, $"a length of {length} bytes where {_end - _position} are left");
        var range = new ByteRange(_position, (int)length);
        _position = range.End;
        return range;
    }

    /// <summary>Returns the result of <see cref="Range"/> without moving on.</summary>
    public readonly ByteRange Peek()
    {
        ProtoReader copy = this;
        return copy.Range();
    }

    public ProtoReader Message() => new(_data, Range());

    public ReadOnlySpan<byte> Bytes() => Range().Of(_data);

    /// <summary>Returns the bytes of a range that was read before.</summary>
    public readonly ReadOnlySpan<byte> Slice(ByteRange range) => range.Of(_data);

    /// <summary>
    /// Reads a string. Invalid UTF-8 is rejected, because two different names could otherwise become equal.
    /// </summary>
    public string Text()
    {
        int start = _position;
        ReadOnlySpan<byte> text = Bytes();
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw Malformed(start, "a text that is not UTF-8");
    }

    /// <summary>Reads a repeated integer field, packed or not.</summary>
    /// <param name="type">The wire type that <see cref="Next"/> returned.</param>
    /// <param name="values">Receives the integers.</param>
    /// <param name="most">The largest number of integers to store. Further integers are skipped.</param>
    public void Int64s(WireType type, List<long> values, int most = int.MaxValue)
    {
        if (type == WireType.Varint)
        {
            AddUpTo(most, values, Int64());
            return;
        }
        ProtoReader packed = Message();
        while (!packed.AtEnd)
            AddUpTo(most, values, packed.Int64());
    }

    /// <summary>Reads a repeated float field, packed or not.</summary>
    /// <inheritdoc cref="Int64s"/>
    public void Floats(WireType type, List<float> values, int most)
    {
        if (type == WireType.Fixed32)
        {
            AddUpTo(most, values, Float());
            return;
        }
        ByteRange packed = Range();
        var reader = new ProtoReader(_data, packed);
        for (int i = Math.Min(packed.Length / 4, most - values.Count); i > 0; i--)
            values.Add(reader.Float());
    }

    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                Range();
                break;
        }
    }

    private static void AddUpTo<T>(int most, List<T> values, T value)
    {
        if (values.Count < most)
            values.Add(value);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _end - _position)
            throw Malformed(_position, "a value that is cut off");
        ReadOnlySpan<byte> taken = _data.Slice(_position, count);
        _position += count;
        return taken;
    }

    private static InvalidDataException Malformed(int position, string what) => new($"{what} at byte {position}");
}
