namespace ScoreCam.PictureFiles;

/// <summary>Reads JPEG files: segments that begin with a marker. The data of a scan follows its segment.</summary>
internal static class JpegFile
{
    public const int StartOfScan = 0xDA;

    private const int EndOfImage = 0xD9, App1 = 0xE1;

    /// <summary>The marker that ends a file.</summary>
    public static ReadOnlySpan<byte> EndMarker => [0xFF, EndOfImage];

    public static PictureHeader ReadHeader(ByteView view)
    {
        (int width, int height, int orientation) = (0, 0, 1);
        long at = 2;
        for (int marker; (marker = MarkerAt(view, ref at)) != StartOfScan; at = NextSegment(view, at, marker))
        {
            if (marker == EndOfImage)
                throw new DecodingException("it has no pixels");
            if (IsFrame(marker))
                (height, width) = (view.UInt16(at + 5), view.UInt16(at + 7));
            if (marker == App1 && orientation == 1 && view.Has(at + 4, "Exif\0\0"u8))
                orientation = ExifOrientation.Read(view.At(at + 4, view.UInt16(at + 2) - 2));
        }
        return new()
        {
            Format = "JPEG",
            Width = width,
            Height = height,
            Orientation = orientation,
            HasAlpha = false,
            // In the data of a scan, a zero follows each byte 0xFF.
            HasEnd = view.Bytes[(int)at..].IndexOf(EndMarker) >= 0,
        };
    }

    /// <summary>Returns a file without its end, up to the data of its last scan.</summary>
    /// <exception cref="EndOfStreamException">A scan is missing, or the file ends within a segment.</exception>
    public static ReadOnlySpan<byte> WithoutEnd(ByteView view)
    {
        // A progressive file stores the bits of each coefficient in several scans. Zero means that the lowest bit is
        // present.
        Dictionary<int, int[]> lowestBits = [];
        long at = 2;
        while (true)
        {
            int marker = MarkerAt(view, ref at);
            long next = NextSegment(view, at, marker);
            if (IsFrame(marker))
                for (int component = 0; component < view[at + 9]; component++)
                    lowestBits[view[at + 10 + (3 * component)]] = [.. Enumerable.Repeat(int.MaxValue, 64)];
            if (marker == StartOfScan)
            {
                NoteScan(view, at, lowestBits);
                next = EndOfScan(view, next);
                if (next >= view.Length)
                    break;
            }
            at = next;
        }
        return lowestBits.Values.All(bits => bits.All(bit => bit == 0))
            ? view.Bytes.TrimEnd((byte)0xFF)
            : throw new EndOfStreamException();
    }

    private static void NoteScan(ByteView view, long at, Dictionary<int, int[]> lowestBits)
    {
        int components = view[at + 4];
        long parameters = at + 5 + (2 * components);
        (int first, int last, int lowestBit) = (view[parameters], view[parameters + 1], view[parameters + 2] & 15);
        for (int component = 0; component < components; component++)
            if (lowestBits.TryGetValue(view[at + 5 + (2 * component)], out int[]? bits))
                bits.AsSpan(Math.Min(first, 64)..Math.Clamp(last + 1, Math.Min(first, 64), 64)).Fill(lowestBit);
    }

    private static long EndOfScan(ByteView view, long at)
    {
        // The data ends at the next marker that is not a restart marker.
        while (at < view.Length - 1 && (view[at] != 0xFF || view[at + 1] is 0 or (>= 0xD0 and <= 0xD7)))
            at++;
        return at == view.Length - 1 ? view.Length : at;
    }

    /// <summary>Finds the next marker. Bytes before it are skipped, as decoders do.</summary>
    public static int MarkerAt(ByteView view, ref long at)
    {
        while (view[at] != 0xFF || view[at + 1] is 0 or 0xFF)
            at++;
        return view[at + 1];
    }

    /// <summary>Returns the end of a marker's segment.</summary>
    public static long NextSegment(ByteView view, long at, int marker)
    {
        // Restart markers, the start of the image and TEM have no segment.
        if (marker is (>= 0xD0 and <= 0xD8) or 0x01)
            return at + 2;
        long next = at + 2 + view.UInt16(at + 2);
        view.At(at, next - at);
        return next;
    }

    /// <summary>Whether a marker starts a frame: 0xC0 to 0xCF without DHT (C4), DAC (CC) and the reserved C8.</summary>
    public static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
