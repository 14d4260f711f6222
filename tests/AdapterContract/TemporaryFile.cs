namespace ScoreCam.AdapterContract;

/// <summary>A file in its own folder. Both are deleted at the end.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(ReadOnlySpan<byte> content)
    {
        Folder = Directory.CreateTempSubdirectory("scorecam").FullName;
        Path = System.IO.Path.Combine(Folder, "file");
        File.WriteAllBytes(Path, content);
    }

    public string Folder { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
