using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// The results that a comparison has computed so far. They can be kept in a file, so that a stopped comparison can
/// continue.
/// </summary>
internal sealed class CompareRecords : IDisposable
{
    private readonly RecordFile<ComparisonLine>? _file;
    private readonly ILookup<(string Key, string Picture), AnswerRecord> _answers;
    private readonly ILookup<(string Key, string Picture, string Method), ComparedMapRecord> _maps;

    /// <param name="path">The path of the file; null keeps nothing.</param>
    public CompareRecords(string? path)
    {
        _file = path is null ? null : RecordFile<ComparisonLine>.Open(path, ComparisonJson.Default.ComparisonLine);
        ComparisonLine[] lines = [.. _file?.Lines ?? []];
        _answers = lines.Where(line => line.Answer is not null)
            .ToLookup(line => (line.Key, line.Answer!.Picture), line => line.Answer!);
        _maps = lines.Where(line => line.Map is not null)
            .ToLookup(line => (line.Key, line.Map!.Picture, line.Map!.Method), line => line.Map!);
    }

    /// <summary>The file from which a stopped run would continue; null if nothing is kept.</summary>
    public string? Path => _file?.Path;

    /// <summary>The number of maps in the file.</summary>
    public int Count => _file?.Lines.Count(line => line.Map is not null) ?? 0;

    /// <summary>Returns the newest answer for the same picture and class; null if there is none.</summary>
    public AnswerRecord? FindAnswer(string key, PictureRecord picture, int? classIndex) =>
        _answers[(key, picture.Name)].LastOrDefault(answer =>
            answer.PictureSha256 == picture.Sha256 && answer.ClassIndex == classIndex);

    /// <summary>
    /// Returns the newest map of the same picture, class and boxes that contains every metric; null if there is none.
    /// </summary>
    public ComparedMapRecord? FindMap(
        string key, PictureRecord picture, string method, int classIndex, IEnumerable<string> metrics) =>
        _maps[(key, picture.Name, method)].LastOrDefault(map =>
            map.PictureSha256 == picture.Sha256
            && map.ClassIndex == classIndex
            && BoxTable.AreEqual(map.Boxes, picture.Boxes)
            && metrics.All(map.Values.ContainsKey));

    public void Add(string key, AnswerRecord answer) => _file?.Add(new(key, Answer: answer));

    public void Add(string key, ComparedMapRecord map) => _file?.Add(new(key, Map: map));

    public void Dispose() => _file?.Dispose();
}
