using ScoreCam.Evaluation;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// The results that an evaluation has computed so far. They can be kept in a file, so that a stopped evaluation can
/// continue.
/// </summary>
internal sealed class EvaluationRecords : IDisposable
{
    private readonly RecordFile<RecordLine>? _file;
    private readonly string _key;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly ILookup<(string Picture, string Method), CaseRecord> _cases;
    private readonly List<SanityRecord> _sanity;

    /// <param name="path">The path of the file; null keeps nothing.</param>
    /// <param name="setup">The setup that the records must have.</param>
    /// <param name="metrics">The metrics that the records must contain.</param>
    public EvaluationRecords(string? path, EvaluationSetup setup, IReadOnlyList<Metric> metrics)
    {
        (_key, _metrics) = (setup.Model.Key(setup.Seed), metrics);
        _file = path is null ? null : RecordFile<RecordLine>.Open(path, EvaluationJson.Default.RecordLine);
        RecordLine[] own = [.. (_file?.Lines ?? []).Where(line => line.Key == _key)];
        _cases = own.Select(line => line.Case).OfType<CaseRecord>().ToLookup(record => (record.Picture, record.Method));
        _sanity = [.. own.Select(line => line.Sanity).OfType<SanityRecord>()];
    }

    /// <summary>The file from which a stopped run would continue; null if nothing is kept.</summary>
    public string? Path => _file?.Path;

    /// <summary>The number of results in the file.</summary>
    public int Count => _file?.Lines.Count(line => line.Key == _key && line.Case is not null) ?? 0;

    /// <summary>
    /// Returns the newest record of the same class and boxes that contains every metric; null if there is none. The
    /// caller must still compare the picture.
    /// </summary>
    public CaseRecord? Find(PictureCase one, Method method) =>
        _cases[(one.Picture, method.Name)].LastOrDefault(record =>
        IsOfClass(record, one.ClassIndex)
        && BoxTable.AreEqual(record.Boxes, one.Boxes)
        && _metrics.All(metric => record.Values.ContainsKey(metric.Name)));

    /// <summary>Returns the sanity check of the same picture, class and method; null if there is none.</summary>
    public SanityRecord? FindSanity(CaseRecord one) => _sanity.FirstOrDefault(done =>
        (done.Picture, done.PictureSha256, done.ClassIndex, done.Method)
        == (one.Picture, one.PictureSha256, one.ClassIndex, one.Method));

    public void Add(CaseRecord record) => _file?.Add(new(_key, Case: record));

    public void Add(SanityRecord record) => _file?.Add(new(_key, Sanity: record));

    public void Dispose() => _file?.Dispose();

    private static bool IsOfClass(CaseRecord record, int? index) =>
        index is null ? record.IsPredicted : !record.IsPredicted && record.ClassIndex == index;
}
