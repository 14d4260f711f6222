using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// The results that a run has computed so far, each as one line of JSON, so that a stopped run can continue. The file
/// can also contain lines of other models or options; each reader selects its own lines. A line that was truncated
/// during writing is skipped.
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

    /// <summary>The lines that the file contained when it was opened, and the lines added since.</summary>
    public IReadOnlyList<TLine> Lines => _lines;

    /// <exception cref="UserException">The file cannot be written, or another run is writing it.</exception>
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
        // Each line is one write, so that a killed process leaves at most one truncated line.
        long end = _file.Length;
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, _type), (byte)'\n']);
        }
        catch (Exception e)
        {
            // Half a line would also make the next line unreadable.
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
                // A truncated line, or a line of another version.
            }
        }
        // The next write begins on its own line.
        if (_file.Length == 0)
            return;
        _file.Seek(-1, SeekOrigin.End);
        if (_file.ReadByte() != '\n')
            _file.WriteByte((byte)'\n');
    }
}

/// <summary>Determines the location of the records of an output.</summary>
internal static class RecordFile
{
    /// <summary>Returns the path beside an output.</summary>
    public static string PathFor(string output) => Path.ChangeExtension(output, ".records.jsonl");

    /// <summary>
    /// Returns the path beside the first output that is a file; null if there is none, because no file can be put
    /// beside a device.
    /// </summary>
    public static string? PathFor(IEnumerable<string> outputs) =>
        outputs.FirstOrDefault(path => !OutputFile.IsDevice(path)) is { } first ? PathFor(first) : null;
}

/// <summary>Thrown if results cannot be kept, so that continuing is useless.</summary>
internal sealed class RecordException(string message, Exception innerException) : Exception(message, innerException);
