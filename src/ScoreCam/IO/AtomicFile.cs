namespace ScoreCam.IO;

/// <summary>
/// Writes files so that they are either complete or absent. The image adapters also compile this class.
/// </summary>
internal static class AtomicFile
{
    // A file name has at most 255 bytes, so the temporary name contains only the beginning of the name.
    private const int MaxKeptCharacters = 50;

    /// <summary>
    /// Writes a temporary file, flushes it to disk and renames it. If this fails, an existing file is unchanged and no
    /// temporary file is left.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is read-only.</exception>
    public static void Write(string path, Action<Stream> write) =>
        Write(path, write, (temporary, options) => new FileStream(temporary, options));

    /// <summary>Writes the file. The caller specifies how the temporary file is opened.</summary>
    internal static void Write(
        string path, Action<Stream> write, Func<string, FileStreamOptions, FileStream> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        // A link is followed, even to a file that does not exist yet.
        if (new FileInfo(target).LinkTarget is not null)
            target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        if (IsDevice(target))
        {
            using FileStream device = new(target, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        bool exists = File.Exists(target);
        // Renaming requires write access only to the folder. Opening the file checks the access to the file itself.
        if (exists)
            File.Open(target, FileMode.Open, FileAccess.Write).Dispose();
        string temporary = TemporaryName(target);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // The new file has the access rights of the old file from its first byte on.
            if (exists && !OperatingSystem.IsWindows())
                options.UnixCreateMode = File.GetUnixFileMode(target);
            using (FileStream file = open(temporary, options))
            {
                write(file);
                // Without this flush, a power loss after the rename can leave an empty file instead of the old one.
                file.Flush(flushToDisk: true);
            }
            // The umask can have removed rights.
            if (options.UnixCreateMode is { } mode && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, mode);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string TemporaryName(string target)
    {
        string name = Path.GetFileName(target);
        string kept = name[..Math.Min(name.Length, MaxKeptCharacters)];
        return Path.Combine(Path.GetDirectoryName(target)!, $"{kept}.{Path.GetRandomFileName()}");
    }

    // A device must not be replaced with a file. The entries of /dev/shm are ordinary files in memory.
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
