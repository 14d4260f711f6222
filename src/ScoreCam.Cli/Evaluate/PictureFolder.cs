namespace ScoreCam.Cli.Evaluate;

/// <summary>A folder of pictures, including its subfolders.</summary>
internal static class PictureFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>Returns the paths of the pictures inside the folder, with slashes, ordered by name.</summary>
    /// <exception cref="UserException">The folder does not exist, or it contains no picture.</exception>
    public static IReadOnlyList<string> Names(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserException(
                File.Exists(folder)
                    ? $"'{folder}' is a file; --images takes a folder"
                    : $"there is no folder '{folder}'");
        string[] pictures =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
        return pictures.Length > 0
            ? pictures
            : throw new UserException($"there are no pictures in '{folder}' ({string.Join(", ", Extensions)})");
    }
}
