namespace ScoreCam.Cli;

/// <summary>A file that appears whole or not at all: it is written beside its place under another name, then renamed.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;

    private OutputFile(string path, string temporaryPath) => (_path, TemporaryPath) = (path, temporaryPath);

    /// <summary>What to write; an empty file.</summary>
    public string TemporaryPath { get; }

    /// <exception cref="UserException">There cannot be such a file: its folder is missing or closed to writing, or it is a folder itself.</exception>
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
            // A file that is closed to writing stays: renaming over it would only need the folder.
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

    /// <summary>What is written or read by this name: where it is a link, what it leads to, also a file that is not there yet.</summary>
    public static string FullPath(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>A device cannot be replaced by a file: it is written as it is. What lies in <c>/dev/shm</c> are files, in memory.</summary>
    public static bool IsDevice(string path) =>
        FullPath(path) is var full && full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <exception cref="UserException">A file that is read would be written too.</exception>
    public static void RefuseOverwriting(IEnumerable<string> read, IEnumerable<string> written)
    {
        HashSet<string> places = [.. written.Select(FullPath)];
        if (read.FirstOrDefault(path => path.Length > 0 && places.Contains(FullPath(path))) is { } path)
            throw new UserException($"'{path}' is read, and would be overwritten");
    }

    /// <summary>Refuses a place that cannot be written, and leaves nothing there.</summary>
    public static void Check(string path) => Begin(path).Dispose();

    public void Commit() => File.Move(TemporaryPath, _path, overwrite: true);

    public void Dispose()
    {
        if (TemporaryPath != _path)
            File.Delete(TemporaryPath);
    }
}
