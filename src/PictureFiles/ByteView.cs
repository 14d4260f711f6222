using System.Buffers.Binary;

namespace ScoreCam.PictureFiles;

/// <summary>Reads the bytes of a file at any position and in either byte order.</summary>
internal readonly ref struct ByteView(ReadOnlySpan<byte> bytes, bool littleEndian = false)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public int Length => Bytes.Length;

    public byte this[long at] => At(at, 1)[0];

    public int UInt16(long at) => littleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(At(at, 2))
        : BinaryPrimitives.ReadUInt16BigEndian(At(at, 2));

    public long UInt32(long at) => littleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(At(at, 4))
        : BinaryPrimitives.ReadUInt32BigEndian(At(at, 4));

    /// <summary>Whether these characters are at this position.</summary>
    public bool Has(long at, ReadOnlySpan<byte> characters) =>
        at >= 0 && at <= Length && Bytes[(int)at..].StartsWith(characters);

    /// <exception cref="EndOfStreamException">The file ends before these bytes do.</exception>
    public ReadOnlySpan<byte> At(long at, long length) => at >= 0 && length >= 0 && at + length <= Length
        ? Bytes.Slice((int)at, (int)length)
        : throw new EndOfStreamException();
}
