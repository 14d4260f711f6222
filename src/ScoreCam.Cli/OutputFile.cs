namespace ScoreCam.Cli;

/// <summary>
/// A file that appears complete or not at all. It is written in its folder under another name, then renamed.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;

    private OutputFile(string path, string temporaryPath) => (_path, TemporaryPath) = (path, temporaryPath);

    /// <summary>What to write; an empty file.</summary>
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
            // A read-only file must stay, but renaming needs write access to the folder only.
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

    /// <summary>The file of this name. A link is followed, also to a file that does not exist yet.</summary>
    public static string FullPath(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>
    /// True for a device, which is written directly since a file cannot take its place. <c>/dev/shm</c> holds files.
    /// </summary>
    public static bool IsDevice(string path)
    {
        string full = FullPath(path);
        return full.StartsWith("/dev/", StringComparison.Ordinal)
            && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

    /// <exception cref="UserException">A file that is read would be written too.</exception>
    public static void RefuseOverwriting(IEnumerable<string> read, IEnumerable<string> written)
    {
        HashSet<string> places = [.. written.Select(FullPath)];
        if (read.FirstOrDefault(path => path.Length > 0 && places.Contains(FullPath(path))) is { } path)
            throw new UserException($"'{path}' is read, and would be overwritten");
    }

    /// <summary>Writes a whole file; nothing where there is no path.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string? path, Action<string> write)
    {
        if (path is null)
            return;
        using OutputFile file = Begin(path);
        write(file.TemporaryPath);
        file.Commit();
    }

    /// <summary>Throws if the file cannot be written. Leaves nothing behind.</summary>
    public static void Check(string path) => Begin(path).Dispose();

    /// <summary>Puts the file in its place.</summary>
    public void Commit()
    {
        if (TemporaryPath == _path)
            return;
        // Without this, a power loss after the rename can leave an empty file in place of the old one.
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
