using System.Text;
using System.Text.Json;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// What a run has computed so far, a line of JSON each, so that a run that was stopped goes on where it was. Lines of other models or options may stand in
/// it: they are left alone. A line that was cut off while it was written is not there.
/// </summary>
internal sealed class RecordFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string _key;

    private RecordFile(string path, string key, FileStream file) => (Path, _key, _file) = (path, key, file);

    public string Path { get; }

    public List<CaseRecord> Cases { get; } = [];

    public List<SanityRecord> Sanity { get; } = [];

    /// <summary>Where the records of an output stand.</summary>
    public static string PathFor(string output) => System.IO.Path.ChangeExtension(output, ".records.jsonl");

    /// <exception cref="UserException">It cannot be written, or another run writes it.</exception>
    public static RecordFile Open(string path, EvaluationSetup setup)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"cannot write '{path}' (does another run write it? give each shard its own output): {ErrorReport.OneLine(e)}", e);
        }
        RecordFile records = new(path, setup.Key(), file);
        records.Read();
        return records;
    }

    public void Add(CaseRecord record)
    {
        Cases.Add(record);
        Write(new(_key, Case: record));
    }

    public void Add(SanityRecord record)
    {
        Sanity.Add(record);
        Write(new(_key, Sanity: record));
    }

    public void Dispose() => _file.Dispose();

    private void Write(RecordLine line)
    {
        // One write per line: a process that is killed leaves whole lines, and at most one torn one.
        long end = _file.Length;
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, EvaluationJson.Default.RecordLine), (byte)'\n']);
        }
        catch (Exception e)
        {
            // What was written before stays readable; of this line nothing does.
            _file.SetLength(end);
            throw new RecordException($"cannot write '{Path}': {ErrorReport.OneLine(e)}; what it holds already is kept, and the same command goes on from there", e);
        }
    }

    private void Read()
    {
        using StreamReader reader = new(_file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } text)
        {
            RecordLine? line;
            try
            {
                line = JsonSerializer.Deserialize(text, EvaluationJson.Default.RecordLine);
            }
            catch (JsonException)
            {
                continue;
            }
            if (line?.Key != _key)
                continue;
            if (line.Case is { } record)
                Cases.Add(record);
            if (line.Sanity is { } sanity)
                Sanity.Add(sanity);
        }
        // What is written next begins on a line of its own.
        if (_file.Length == 0)
            return;
        _file.Seek(-1, SeekOrigin.End);
        if (_file.ReadByte() != '\n')
            _file.WriteByte((byte)'\n');
    }
}

/// <summary>Results could not be kept, so that it is no use to go on.</summary>
internal sealed class RecordException(string message, Exception innerException) : Exception(message, innerException);
