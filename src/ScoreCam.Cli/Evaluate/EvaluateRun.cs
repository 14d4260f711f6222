using System.Security.Cryptography;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using Spectre.Console;

namespace ScoreCam.Cli.Evaluate;

/// <summary><c>scorecam evaluate</c>: what it does. What is computed already is not computed again.</summary>
internal sealed class EvaluateRun(EvaluateSettings settings, TextWriter output, TextWriter error)
{
    private readonly List<CaseRecord> _cases = [];
    private readonly List<SanityRecord> _sanity = [];
    private readonly List<LeftOut> _leftOut = [];
    private readonly List<LeftOut> _unavailable = [];

    public async Task ExecuteAsync(Func<ImageModel> load, CancellationToken cancellationToken)
    {
        settings.Outputs.Check([.. settings.Files, .. settings.Boxes is { } file ? new[] { file } : []]);
        BoxTable? boxes = settings.Boxes is null ? null : BoxTable.Load(settings.Boxes);
        IAnsiConsole console = Screen.Open(output);
        using ImageModel model = load();
        PicturePlan plan = PicturePlan.Of(settings.Images, boxes, model.Classes, settings.Limit, settings.Shard);
        _leftOut.AddRange(plan.LeftOut);
        // No box may be cropped away.
        Preprocessing preprocessing = boxes is null ? model.Preprocessing : model.Preprocessing with { Fit = Fit.Stretch, ShortestEdge = null };
        EvaluationSetup setup = EvaluationSetup.Of(model, preprocessing, settings.Seed, settings.Methods, settings.Metrics);
        // Nothing stands beside a device.
        using RecordFile? records = settings.Outputs.Paths.FirstOrDefault(path => !OutputFile.IsDevice(path)) is { } first ? RecordFile.Open(RecordFile.PathFor(first), setup) : null;
        Known known = new(records, settings.Metrics);

        try
        {
            await ProgressView.ShowAsync(console, error, Math.Max(1, plan.Cases.Sum(c => settings.Methods.Count(method => known.Of(c, method) is null))), async nextRun =>
            {
                foreach (IGrouping<string, PictureCase> picture in plan.Cases.GroupBy(c => c.Picture))
                    await Task.Run(() => Evaluate([.. picture], model, preprocessing, known, records, nextRun, cancellationToken), cancellationToken);
            });
        }
        catch (OperationCanceledException) when (records is not null)
        {
            error.WriteLine($"scorecam: {records.Cases.Count} results are kept in '{records.Path}'; the same command goes on from there");
            throw;
        }

        if (_cases.Count == 0 && plan.Cases.Count > 0)
            throw new UserException($"nothing could be evaluated: {(_leftOut.Concat(_unavailable).FirstOrDefault() is { } why ? $"{why.Name}: {why.Reason}" : "no picture is left")}");
        string[] shards = settings.Shard == Shard.Whole ? [] : [settings.Shard.ToString()];
        EvaluationResult result = EvaluationResult.Of(setup, shards, _cases, _sanity, _leftOut, _unavailable);
        new EvaluationSummary(console).Write(result);
        settings.Outputs.Write(result, settings.Images);
        foreach (string path in settings.Outputs.Paths)
            console.WriteLine($"written  {Path.GetFullPath(path)}");
    }

    private void Evaluate(
        PictureCase[] cases, ImageModel model, Preprocessing preprocessing, Known known, RecordFile? records, Func<string, IProgress<ExplainProgress>?> nextRun, CancellationToken cancellationToken)
    {
        string picture = cases[0].Picture;
        try
        {
            byte[] bytes = File.ReadAllBytes(cases[0].Path);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
            Lazy<PreparedImage> image = new(() => preprocessing.Prepare(ImageSharpImage.Load(bytes), model.Input.Channels, model.Input.Height, model.Input.Width));
            Lazy<Prediction> prediction = new(() => model.Predict(image.Value));
            foreach (PictureCase one in cases)
            {
                Lazy<CaseRunner> runner = new(() => new(model, settings.Metrics, one, sha256, image.Value, prediction.Value));
                foreach (Method method in settings.Methods.Where(method => !_unavailable.Any(gone => gone.Name == method.Name)))
                    Evaluate(one, method, model, sha256, runner, known, records, nextRun, cancellationToken);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or UserException)
        {
            _leftOut.Add(new(picture, ErrorReport.OneLine(e)));
        }
    }

    private void Evaluate(
        PictureCase one, Method method, ImageModel model, string sha256, Lazy<CaseRunner> runner, Known known, RecordFile? records, Func<string, IProgress<ExplainProgress>?> nextRun, CancellationToken cancellationToken)
    {
        if (known.Of(one, method) is { } found && found.PictureSha256 == sha256)
        {
            _cases.Add(found);
        }
        else
        {
            IProgress<ExplainProgress>? progress = nextRun($"{one.Picture} {method.Name}");
            CaseRecord record;
            try
            {
                record = runner.Value.Run(method, method.For(model, settings.Seed), progress, cancellationToken);
            }
            catch (UnsupportedModelException e)
            {
                _unavailable.Add(new(method.Name, ErrorReport.OneLine(e)));
                return;
            }
            catch (ScoreCamException e)
            {
                _leftOut.Add(new(one.Picture, $"{method.Name}: {ErrorReport.OneLine(e)}"));
                return;
            }
            _cases.Add(record);
            records?.Add(record);
        }
        // One picture shows what there is to see.
        if (settings.Sanity && !method.IsControl && !_sanity.Any(done => done.Method == method.Name))
            CheckSanity(one, method, sha256, runner, records, cancellationToken);
    }

    private void CheckSanity(PictureCase one, Method method, string sha256, Lazy<CaseRunner> runner, RecordFile? records, CancellationToken cancellationToken)
    {
        SanityRecord? record = records?.Sanity.FirstOrDefault(done => (done.Picture, done.PictureSha256, done.Method) == (one.Picture, sha256, method.Name));
        if (record is null)
        {
            try
            {
                record = runner.Value.Sanity(method, settings.Seed, cancellationToken);
            }
            catch (Exception e) when (e is UnsupportedModelException or ScoreCamException)
            {
                _unavailable.Add(new($"sanity check of {method.Name}", ErrorReport.OneLine(e)));
                return;
            }
            records?.Add(record);
        }
        _sanity.Add(record);
    }

    /// <summary>What an earlier run has computed.</summary>
    private sealed class Known(RecordFile? records, IReadOnlyList<Metric> metrics)
    {
        private readonly ILookup<(string, string), CaseRecord> _cases = (records?.Cases ?? []).ToLookup(record => (record.Picture, record.Method));

        /// <summary>The same class and boxes, with every metric; the picture is still to be compared. The newest one counts.</summary>
        public CaseRecord? Of(PictureCase one, Method method) => _cases[(one.Picture, method.Name)].LastOrDefault(record =>
            (one.ClassIndex is null ? record.IsPredicted : !record.IsPredicted && record.ClassIndex == one.ClassIndex)
            && record.Boxes.Length == one.Boxes.Length && record.Boxes.Zip(one.Boxes).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
            && metrics.All(metric => record.Values.ContainsKey(metric.Name)));
    }
}
