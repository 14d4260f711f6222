using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ScoreCam.IO;

/// <summary>
/// The header of a <c>.npy</c> file: magic bytes, version, length, and a Python dictionary as text.
/// </summary>
internal sealed partial class NpyHeader
{
    public const int MaxDimensions = 32;
    private const int MaxTextBytes = 10_000;
    private const int Alignment = 64;

    // NumPy reserves space for 21 digits of the first dimension, so that values can be appended to a file.
    private const int GrowthDigits = 21;

    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    private NpyHeader(int itemSize, int[] shape, int count) => (ItemSize, Shape, Count) = (itemSize, shape, count);

    /// <summary>The number of bytes per value: 2, 4 or 8.</summary>
    public int ItemSize { get; }

    public int[] Shape { get; }

    /// <summary>The number of values.</summary>
    public int Count { get; }

    /// <summary>Formats a shape as a Python tuple.</summary>
    public static string Format(ReadOnlySpan<int> shape) =>
        shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";

    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[Magic.Length + 2];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < start.Length || !start.StartsWith(Magic))
            throw new InvalidDataException("it does not begin with NumPy's magic bytes");
        int version = start[^2];
        if (version is < 1 or > 3)
            throw new InvalidDataException($"format version {version} is not known; expected 1, 2 or 3");

        Span<byte> size = stackalloc byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        Fill(stream, size);
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(size)
            : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxTextBytes)
            throw new InvalidDataException($"its header has {length} bytes; a plain array has at most {MaxTextBytes}");
        byte[] text = new byte[length];
        Fill(stream, text);
        return Parse((version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text));
    }

    public static void Write(Stream stream, ReadOnlySpan<int> shape)
    {
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {Format(shape)}, }}";
        if (shape.Length > 0)
            text += new string(' ', GrowthDigits - shape[0].ToString(CultureInfo.InvariantCulture).Length);
        int before = Magic.Length + 2 + sizeof(ushort);
        text += new string(' ', Alignment - ((before + text.Length + 1) % Alignment)) + '\n';

        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)text.Length));
        stream.Write([.. Magic, 1, 0, .. length, .. Encoding.Latin1.GetBytes(text)]);
    }

    private static NpyHeader Parse(string text)
    {
        Match order = OrderEntry.Match(text), shape = ShapeEntry.Match(text), type = TypeEntry.Match(text);
        if (!order.Success || !shape.Success)
            throw new InvalidDataException("its header lacks fortran_order or shape");
        int itemSize = (type.Success ? type.Groups[1].Value : "structured") switch
        {
            "<f2" => 2,
            "<f4" => 4,
            "<f8" => 8,
            string other => throw new InvalidDataException(
                $"its type is {other}; expected little-endian float32 ('<f4'): save it with array.astype('<f4')"),
        };
        if (order.Groups[1].Value == "True")
            throw new InvalidDataException("it is in Fortran order; save it with numpy.ascontiguousarray(array)");

        string[] dimensions = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries);
        if (dimensions[^1].Length == 0)
            dimensions = dimensions[..^1];
        if (dimensions.Length > MaxDimensions)
            throw new InvalidDataException($"it has {dimensions.Length} dimensions; expected at most {MaxDimensions}");
        int[] sizes = new int[dimensions.Length];
        for (int i = 0; i < sizes.Length; i++)
            if (!int.TryParse(dimensions[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]))
                throw new InvalidDataException($"'{dimensions[i]}' in its shape is not a size");
        return new NpyHeader(itemSize, sizes, CountOf(sizes));
    }

    private static int CountOf(int[] shape)
    {
        if (shape.Contains(0))
            return 0;
        long count = 1;
        foreach (int size in shape)
        {
            // Both factors are below 2³¹, so the product cannot overflow before it is checked.
            count *= size;
            if (count > NpyArray.MaxValues)
                throw new InvalidDataException($"shape {Format(shape)} has more than {NpyArray.MaxValues} values");
        }
        return (int)count;
    }

    private static void Fill(Stream stream, Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException("it ends inside its header");
    }

    [GeneratedRegex(@"['""]descr['""]\s*:\s*['""]([^'""]*)['""]", RegexOptions.CultureInvariant)]
    private static partial Regex TypeEntry { get; }

    [GeneratedRegex(@"['""]fortran_order['""]\s*:\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex OrderEntry { get; }

    [GeneratedRegex(@"['""]shape['""]\s*:\s*\(([^()]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeEntry { get; }
}
