namespace ScoreCam.IO;

/// <summary>Files that appear whole or not at all. Linked into every adapter, so that all write alike.</summary>
internal static class AtomicFile
{
    /// <summary>Characters of a name that are kept for the one aside.</summary>
    private const int MostKept = 50;

    /// <summary>Writes aside and then renames: where that fails, a file of this name stays as it was, and nothing else is left.</summary>
    /// <exception cref="IOException">The file cannot be written, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The file, or its folder, is closed to writing.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        // A link is followed, also one to a file that is not there yet.
        if (new FileInfo(full).LinkTarget is not null)
            full = File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
        if (IsDevice(full))
        {
            using FileStream device = new(full, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }
        bool exists = File.Exists(full);
        // A file that is closed to writing stays: renaming over it would only need the folder.
        if (exists)
            File.Open(full, FileMode.Open, FileAccess.Write).Dispose();
        // Names have at most 255 bytes, so a long one is cut.
        string name = Path.GetFileName(full), aside = Path.Combine(Path.GetDirectoryName(full)!, $"{name[..Math.Min(name.Length, MostKept)]}.{Path.GetRandomFileName()}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // Who may read it stays as it was, from the first byte on.
            if (exists && !OperatingSystem.IsWindows())
                options.UnixCreateMode = File.GetUnixFileMode(full);
            using (FileStream file = new(aside, options))
                write(file);
            // What the umask took away.
            if (options.UnixCreateMode is { } mode && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(aside, mode);
            File.Move(aside, full, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>A device cannot be replaced by a file: it is written as it is. What lies in <c>/dev/shm</c> are files, in memory.</summary>
    private static bool IsDevice(string fullPath) =>
        fullPath.StartsWith("/dev/", StringComparison.Ordinal) && !fullPath.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
