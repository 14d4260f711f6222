namespace ScoreCam;

/// <summary>Files that appear whole or not at all. Linked into every adapter, so that all write alike.</summary>
internal static class WholeFile
{
    /// <summary>Writes aside and then renames: where that fails, a file of this name stays as it was, and nothing else is left.</summary>
    /// <exception cref="IOException">The file cannot be written, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The file, or its folder, is closed to writing.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        if (IsDevice(full))
        {
            using FileStream device = new(full, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }
        bool exists = File.Exists(full);
        if (exists)
        {
            full = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
            // A file that is closed to writing stays: renaming over it would only need the folder.
            File.Open(full, FileMode.Open, FileAccess.Write).Dispose();
        }
        string aside = $"{full}.{Path.GetRandomFileName()}";
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
