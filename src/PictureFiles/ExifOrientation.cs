namespace ScoreCam.PictureFiles;

/// <summary>Reads the orientation from EXIF data, which has the layout of a TIFF file.</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x0112;
    private const int EntryBytes = 12;

    /// <summary>Reads the orientation.</summary>
    /// <param name="exif">The data, with or without the prefix "Exif" and two zeros.</param>
    /// <returns>The orientation, 1 to 8. It is 1 if the data has none or an invalid one.</returns>
    public static int Read(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        if (!TiffFile.IsTiff(new ByteView(exif)))
            return 1;
        try
        {
            ByteView view = new(exif, littleEndian: exif[0] == 'I');
            return Read(view, view.UInt32(4));
        }
        catch (EndOfStreamException)
        {
            // Cameras and editors write damaged EXIF data into valid pictures.
            return 1;
        }
    }

    /// <summary>Reads the orientation of a directory.</summary>
    /// <param name="view">A TIFF file.</param>
    /// <param name="directory">The position of its directory.</param>
    public static int Read(ByteView view, long directory)
    {
        int entries = view.UInt16(directory);
        for (int i = 0; i < entries; i++)
        {
            long entry = directory + 2 + (i * EntryBytes);
            if (view.UInt16(entry) != OrientationTag)
                continue;
            // The standard says SHORT; some writers use LONG or BYTE.
            long value = view.UInt16(entry + 2) switch
            {
                1 => view[entry + 8],
                3 => view.UInt16(entry + 8),
                4 => view.UInt32(entry + 8),
                _ => 1,
            };
            return value is >= 1 and <= 8 ? (int)value : 1;
        }
        return 1;
    }
}
