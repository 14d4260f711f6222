namespace ScoreCam.PictureFiles;

/// <summary>JPEG files: a sequence of segments, each after a marker of two bytes.</summary>
internal static class JpegFile
{
    private const int StartOfScan = 0xDA, EndOfImage = 0xD9, App1 = 0xE1;

    /// <summary>The marker that ends a file.</summary>
    public static ReadOnlySpan<byte> EndMarker => [0xFF, EndOfImage];

    public static PictureHeader ReadHeader(ByteView view)
    {
        (int width, int height, int orientation) = (0, 0, 1);
        long at = 2;
        while (true)
        {
            // Any number of 0xFF may stand before a marker.
            while (view[at] == 0xFF && view[at + 1] == 0xFF)
                at++;
            if (view[at] != 0xFF)
                throw new DecodingException("a segment does not begin with a marker");
            int marker = view[at + 1];
            if (marker is EndOfImage)
                throw new DecodingException("it has no pixels");
            if (marker is StartOfScan)
                break;
            if (IsFrame(marker))
                (height, width) = (view.UInt16(at + 5), view.UInt16(at + 7));
            if (marker == App1 && orientation == 1 && view.Has(at + 4, "Exif\0\0"u8))
                orientation = ExifOrientation.Read(view.At(at + 4, view.UInt16(at + 2) - 2));
            at += HasLength(marker) ? 2 + view.UInt16(at + 2) : 2;
        }
        return new()
        {
            Format = "JPEG",
            Width = width,
            Height = height,
            Orientation = orientation,
            HasAlpha = false,
            HasEnd = HasEnd(view.Bytes[(int)at..]),
        };
    }

    // Start of frame: all of 0xC0 to 0xCF except the tables DHT (C4) and DAC (CC), and the reserved C8.
    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // Restart markers, the start of the image and TEM stand alone.
    private static bool HasLength(int marker) => marker is not (>= 0xD0 and <= 0xD8 or 0x01);

    /// <summary>Whether the end marker follows. Within compressed data a zero follows each byte 0xFF.</summary>
    private static bool HasEnd(ReadOnlySpan<byte> scans) => scans.IndexOf(EndMarker) >= 0;
}
