namespace ScoreCam.Cli;

/// <summary>
/// A file that is either complete or absent. It is written under another name in the same folder, and then renamed.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;

    private OutputFile(string path, string temporaryPath) => (_path, TemporaryPath) = (path, temporaryPath);

    /// <summary>The empty file to write to.</summary>
    public string TemporaryPath { get; }

    /// <exception cref="UserException">
    /// The file cannot be written: its folder is missing or read-only, or it is a folder itself.
    /// </exception>
    public static OutputFile Begin(string path)
    {
        string full = FullPath(path);
        if (IsDevice(path))
            return new(full, full);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (Directory.Exists(full))
            throw new UserException($"cannot write '{path}': it is a folder");
        if (!Directory.Exists(folder))
            throw new UserException($"cannot write '{path}': there is no folder '{folder}'");
        string temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            // A read-only file must not be replaced, but renaming requires write access only to the folder.
            if (File.Exists(full))
                File.Open(full, FileMode.Open, FileAccess.Write).Dispose();
            File.Create(temporary).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"cannot write '{path}': {ErrorReport.OneLine(e)}", e);
        }
        return new(full, temporary);
    }

    /// <summary>Returns the full path of a file. A link is followed, even to a file that does not exist yet.</summary>
    public static string FullPath(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>
    /// Whether the path is a device. A device is written directly, because a file cannot replace it. <c>/dev/shm</c>
    /// contains ordinary files.
    /// </summary>
    public static bool IsDevice(string path)
    {
        string full = FullPath(path);
        return full.StartsWith("/dev/", StringComparison.Ordinal)
            && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

    /// <exception cref="UserException">A file would be both read and written.</exception>
    public static void RefuseOverwriting(IEnumerable<string> read, IEnumerable<string> written)
    {
        HashSet<string> paths = [.. written.Select(FullPath)];
        if (read.FirstOrDefault(path => path.Length > 0 && paths.Contains(FullPath(path))) is { } path)
            throw new UserException($"'{path}' is read, and would be overwritten");
    }

    /// <summary>Writes a whole file. Does nothing if there is no path.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string? path, Action<string> write)
    {
        if (path is null)
            return;
        using OutputFile file = Begin(path);
        write(file.TemporaryPath);
        file.Commit();
    }

    /// <summary>Checks that the file can be written, and leaves nothing behind.</summary>
    public static void Check(string path) => Begin(path).Dispose();

    /// <summary>Moves the finished file to its final path.</summary>
    public void Commit()
    {
        if (TemporaryPath == _path)
            return;
        // Without this flush, a power loss after the rename can leave an empty file instead of the old one.
        using (FileStream file = new(TemporaryPath, FileMode.Open, FileAccess.Write))
            file.Flush(flushToDisk: true);
        File.Move(TemporaryPath, _path, overwrite: true);
    }

    public void Dispose()
    {
        if (TemporaryPath != _path)
            File.Delete(TemporaryPath);
    }
}
