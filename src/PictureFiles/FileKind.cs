using System.Text;

namespace ScoreCam.PictureFiles;

/// <summary>Describes a file that is not a picture, or not a readable one.</summary>
internal static class FileKind
{
    private const string Convert = "Convert it to PNG or JPEG first.";

    /// <summary>
    /// Returns the end of a sentence that begins with the name of the file. It states what the file is and what to do.
    /// </summary>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        // Text can begin with a byte order mark and with white space.
        ReadOnlySpan<byte> text = (file.StartsWith(Encoding.UTF8.Preamble) ? file[3..] : file).TrimStart(" \t\r\n"u8);
        return true switch
        {
            _ when file.IsEmpty => "is empty.",
            _ when text.StartsWith("version https://git-lfs"u8) =>
                "is a Git LFS pointer, not a picture. Run 'git lfs pull'.",
            _ when StartsWith(text, "<!doctype html") || StartsWith(text, "<html") =>
                "is an HTML page, not a picture. Check the address that it was downloaded from.",
            _ when StartsWith(text, "<svg") || StartsWith(text, "<?xml") => $"is an XML or SVG file. {Convert}",
            _ when text.StartsWith("{"u8) || text.StartsWith("["u8) => "is a JSON file, not a picture.",
            _ when file.StartsWith("%PDF"u8) => $"is a PDF file. {Convert}",
            _ when Has(file, 4, "ftypavif"u8) || Has(file, 4, "ftypavis"u8) => $"is an AVIF picture. {Convert}",
            _ when Has(file, 4, "ftyphei"u8) || Has(file, 4, "ftypmif1"u8) => $"is a HEIC picture. {Convert}",
            _ when Has(file, 4, "ftyp"u8) => "is a video, not a picture.",
            _ when file.StartsWith("\0\0\0\x0CjP"u8) => $"is a JPEG 2000 picture. {Convert}",
            _ when file.StartsWith("\0\0\0\x0CJXL"u8) || file is [0xFF, 0x0A, ..] => $"is a JPEG XL picture. {Convert}",
            _ when file.StartsWith("8BPS"u8) => $"is a Photoshop file. {Convert}",
            _ when file.StartsWith("PK"u8) => "is a ZIP archive, not a picture.",
            _ when file.IndexOfAnyExcept((byte)0) < 0 => $"has only zeros ({file.Length} bytes). Copy it again.",
            _ => $"({file.Length} bytes) is not a picture that can be decoded.",
        };
    }

    private static bool Has(ReadOnlySpan<byte> file, int at, ReadOnlySpan<byte> characters) =>
        file.Length >= at && file[at..].StartsWith(characters);

    private static bool StartsWith(ReadOnlySpan<byte> text, string start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);
}
