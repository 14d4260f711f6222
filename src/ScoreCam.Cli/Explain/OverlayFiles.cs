using System.Globalization;
using System.Text;

namespace ScoreCam.Cli.Explain;

/// <summary>Determines the paths of the pictures: one file, or a folder of <c>image-class[-layer].png</c>.</summary>
internal sealed class OverlayFiles
{
    /// <summary>The default path of the picture.</summary>
    public const string DefaultFile = "explanation.png";

    private const int MaxPartLength = 60;
    private static readonly string[] OtherPictures = [".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"];

    private readonly string _place;
    private readonly bool _isFolder;
    private readonly bool _namesLayers;
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _read;

    /// <param name="place">
    /// The value of <c>--out</c>. If it is null, the path is <c>explanation.png</c>, or the folder <c>explanation</c>
    /// for several pictures.
    /// </param>
    /// <param name="count">The number of pictures to expect.</param>
    /// <param name="namesLayers">Whether the names must contain the layer.</param>
    /// <param name="read">The pictures to explain. None of them is overwritten.</param>
    /// <exception cref="UserException">
    /// The path cannot be written, or a single file is named for several pictures.
    /// </exception>
    public OverlayFiles(string? place, int count, bool namesLayers, IEnumerable<string>? read = null)
    {
        _place = place ?? (count == 1 ? DefaultFile : Path.GetFileNameWithoutExtension(DefaultFile));
        _namesLayers = namesLayers;
        _read = new((read ?? []).Select(OutputFile.FullPath), StringComparer.OrdinalIgnoreCase);
        string extension = Path.GetExtension(_place).ToLowerInvariant();
        _isFolder = Directory.Exists(_place) || Path.EndsInDirectorySeparator(_place) || extension != ".png";
        if (!Directory.Exists(_place) && OtherPictures.Contains(extension))
            throw new UserException($"--out writes PNG files; '{_place}' is neither a .png nor a folder");
        if (!_isFolder && count > 1)
            throw new UserException($"--out names one file, '{_place}', for {count} pictures; name a folder");
        Check();
    }

    public string PathFor(string image, string className, string layer)
    {
        if (!_isFolder)
            return Path.GetFullPath(_place);
        Directory.CreateDirectory(_place);
        // "tench, Tinca tinca": the first synonym is enough for a file name.
        string name = $"{Part(image)}-{Part(className.Split(',')[0])}";
        if (_namesLayers)
            name += $"-{Part(layer)}";
        string unique = name;
        for (int i = 2; _read.Contains(OutputFile.FullPath(Place(unique))) || !_taken.Add(unique); i++)
            unique = $"{name}-{i}";
        return Place(unique);

        string Place(string file) => Path.GetFullPath(Path.Combine(_place, file + ".png"));
    }

    /// <summary>
    /// Converts a text to a part of a file name. Letters and digits of any script, dots, hyphens and underscores are
    /// kept. All other characters become underscores.
    /// </summary>
    private static string Part(string text)
    {
        StringBuilder part = new();
        foreach (Rune rune in text.Trim().EnumerateRunes())
        {
            bool isLetter = Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;
            part.Append(isLetter || rune.Value is '.' or '-' or '_' ? rune.ToString() : "_");
        }
        string trimmed = part.ToString().Trim('_', '.', '-');
        return trimmed.Length switch
        {
            0 => "_",
            > MaxPartLength => trimmed[..MaxPartLength],
            _ => trimmed,
        };
    }

    private void Check()
    {
        if (!_isFolder)
        {
            OutputFile.Check(_place);
            return;
        }
        bool existed = Directory.Exists(_place);
        try
        {
            Directory.CreateDirectory(_place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"cannot make the folder '{_place}': {ErrorReport.OneLine(e)}", e);
        }
        OutputFile.Check(Path.Combine(_place, "check.png"));
        if (!existed)
            Directory.Delete(_place);
    }
}
