using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// What an evaluation has computed so far: kept in a file where there is one, so that it can go on after a stop.
/// </summary>
internal sealed class EvaluationRecords : IDisposable
{
    private readonly RecordFile<RecordLine>? _file;
    private readonly string _key;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly ILookup<(string Picture, string Method), CaseRecord> _cases;
    private readonly List<SanityRecord> _sanity;

    /// <param name="path">The file; null keeps nothing.</param>
    /// <param name="setup">What the records must be of.</param>
    /// <param name="metrics">What they must have measured.</param>
    public EvaluationRecords(string? path, EvaluationSetup setup, IReadOnlyList<Metric> metrics)
    {
        (_key, _metrics) = (setup.Key(), metrics);
        _file = path is null ? null : RecordFile<RecordLine>.Open(path, EvaluationJson.Default.RecordLine);
        RecordLine[] own = [.. (_file?.Lines ?? []).Where(line => line.Key == _key)];
        _cases = own.Select(line => line.Case).OfType<CaseRecord>().ToLookup(record => (record.Picture, record.Method));
        _sanity = [.. own.Select(line => line.Sanity).OfType<SanityRecord>()];
    }

    /// <summary>Where a stopped run would go on from; null where nothing is kept.</summary>
    public string? Path => _file?.Path;

    /// <summary>Number of results in the file.</summary>
    public int Count => _file?.Lines.Count(line => line.Key == _key && line.Case is not null) ?? 0;

    /// <summary>
    /// The newest record of the same class and boxes with every metric; null where there is none. The picture is
    /// still to be compared.
    /// </summary>
    public CaseRecord? Find(PictureCase one, Method method) =>
        _cases[(one.Picture, method.Name)].LastOrDefault(record =>
        IsOfClass(record, one.ClassIndex)
        && BoxTable.AreEqual(record.Boxes, one.Boxes)
        && _metrics.All(metric => record.Values.ContainsKey(metric.Name)));

    public SanityRecord? FindSanity(PictureCase one, Method method, string sha256) =>
        _sanity.FirstOrDefault(done =>
            (done.Picture, done.PictureSha256, done.Method) == (one.Picture, sha256, method.Name));

    public void Add(CaseRecord record) => _file?.Add(new(_key, Case: record));

    public void Add(SanityRecord record) => _file?.Add(new(_key, Sanity: record));

    public void Dispose() => _file?.Dispose();

    private static bool IsOfClass(CaseRecord record, int? index) =>
        index is null ? record.IsPredicted : !record.IsPredicted && record.ClassIndex == index;
}
