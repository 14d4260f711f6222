using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// What a run has computed so far, one line of JSON each, so that a run that was stopped can go on from there. Lines
/// of other models or options may stand in the file; whoever reads it picks out its own. A line that was cut off
/// while it was written is skipped.
/// </summary>
internal sealed class RecordFile<TLine> : IDisposable
    where TLine : class
{
    private readonly FileStream _file;
    private readonly JsonTypeInfo<TLine> _type;
    private readonly List<TLine> _lines = [];

    private RecordFile(string path, JsonTypeInfo<TLine> type, FileStream file) =>
        (Path, _type, _file) = (path, type, file);

    public string Path { get; }

    /// <summary>What the file held when it was opened, and what was added since.</summary>
    public IReadOnlyList<TLine> Lines => _lines;

    /// <exception cref="UserException">It cannot be written, or another run writes it.</exception>
    public static RecordFile<TLine> Open(string path, JsonTypeInfo<TLine> type)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"cannot write '{path}' (does another run write it? give each shard its own output): "
                + $"{ErrorReport.OneLine(e)}", e);
        }
        RecordFile<TLine> records = new(path, type, file);
        records.Read();
        return records;
    }

    public void Add(TLine line)
    {
        // One write per line: a process that is killed leaves whole lines, and at most one torn one.
        long end = _file.Length;
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, _type), (byte)'\n']);
        }
        catch (Exception e)
        {
            // Half a line would make the next one unreadable too.
            _file.SetLength(end);
            throw new RecordException(
                $"cannot write '{Path}': {ErrorReport.OneLine(e)}; what it holds already is kept, and the same "
                + "command goes on "
                + "from there", e);
        }
        _lines.Add(line);
    }

    public void Dispose() => _file.Dispose();

    private void Read()
    {
        using StreamReader reader = new(_file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } text)
        {
            try
            {
                if (JsonSerializer.Deserialize(text, _type) is { } line)
                    _lines.Add(line);
            }
            catch (JsonException)
            {
                // A torn line, or one of another version.
            }
        }
        // What is written next begins on a line of its own.
        if (_file.Length == 0)
            return;
        _file.Seek(-1, SeekOrigin.End);
        if (_file.ReadByte() != '\n')
            _file.WriteByte((byte)'\n');
    }
}

/// <summary>Where the records of an output stand.</summary>
internal static class RecordFile
{
    /// <summary>The path beside an output.</summary>
    public static string PathFor(string output) => Path.ChangeExtension(output, ".records.jsonl");

    /// <summary>
    /// The path beside the first output that is a file; null where there is none, as nothing stands beside a device.
    /// </summary>
    public static string? PathFor(IEnumerable<string> outputs) =>
        outputs.FirstOrDefault(path => !OutputFile.IsDevice(path)) is { } first ? PathFor(first) : null;
}

/// <summary>Results could not be kept, so that it is no use to go on.</summary>
internal sealed class RecordException(string message, Exception innerException) : Exception(message, innerException);
