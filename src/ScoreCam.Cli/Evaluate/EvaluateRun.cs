using System.Security.Cryptography;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using Spectre.Console;

namespace ScoreCam.Cli.Evaluate;

/// <summary>Runs <c>scorecam evaluate</c>. Results that are already computed are not computed again.</summary>
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
        EvaluationSetup setup =
            EvaluationSetup.Of(model, plan.Sha256, settings.Seed, settings.Methods, settings.Metrics);
        using EvaluationRecords records = new(RecordFile.PathFor(settings.Outputs.Paths), setup, settings.Metrics);

        RunCount runs = plan.Cases.Sum(one => settings.Methods.Count(method => records.Find(one, method) is null));
        try
        {
            await ProgressView.ShowAsync(console, error, runs, async nextRun =>
            {
                Pass pass = new(model, records, runs, nextRun, cancellationToken);
                foreach (IGrouping<string, PictureCase> picture in plan.Cases.GroupBy(one => one.Picture))
                    await Task.Run(() => Evaluate([.. picture], pass), cancellationToken);
            });
        }
        catch (OperationCanceledException) when (records.Path is not null)
        {
            error.WriteLine(
                $"scorecam: {records.Count} results are kept in '{records.Path}'; the same command goes on from there");
            throw;
        }

        // A shard of pictures that cannot be evaluated is part of a run that can succeed.
        if (_cases.Count == 0 && plan.Cases.Count > 0 && settings.Shard == Shard.Whole)
            throw new UserException($"nothing could be evaluated: {Why()}");
        string[] shards = settings.Shard == Shard.Whole ? [] : [settings.Shard.ToString()];
        EvaluationResult result = EvaluationResult.Of(setup, shards, _cases, _sanity, _leftOut, _unavailable);
        new EvaluationSummary(console).Write(result);
        settings.Outputs.Write(result, settings.Images);
        foreach (string path in settings.Outputs.Paths)
            console.WriteLine($"written  {Path.GetFullPath(path)}");
    }

    private string Why() => _leftOut.Concat(_unavailable).FirstOrDefault() is { } why
        ? $"{why.Name}: {why.Reason}"
        : "no picture is left";

    private void Evaluate(PictureCase[] cases, Pass pass)
    {
        string picture = cases[0].Picture;
        try
        {
            byte[] bytes = File.ReadAllBytes(cases[0].Path);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
            // The picture is decoded and predicted only if something is left to compute.
            Lazy<PreparedImage> image = new(() => pass.Model.Prepare(ImageSharpImage.Load(bytes)));
            Lazy<Prediction> prediction = new(() => pass.Model.Predict(image.Value));
            foreach (PictureCase one in cases)
            {
                Lazy<CaseRunner> runner =
                    new(() => new(pass.Model, settings.Metrics, one, sha256, image.Value, prediction.Value));
                try
                {
                    foreach (Method method in settings.Methods)
                        if (!_unavailable.Any(gone => gone.Name == method.Name))
                            Evaluate(one, method, sha256, runner, pass);
                        else if (pass.Records.Find(one, method) is null)
                            pass.Runs.Skip(1);
                }
                catch (UserException e)
                {
                    // The other classes of the picture can have valid boxes.
                    _leftOut.Add(new(picture, ErrorReport.OneLine(e)));
                }
            }
        }
        catch (Exception e) when (IsOfPicture(e))
        {
            _leftOut.Add(new(picture, ErrorReport.OneLine(e)));
        }
    }

    /// <summary>Whether the failure concerns only this picture, so that the next picture can succeed.</summary>
    private static bool IsOfPicture(Exception e) =>
        e is InvalidDataException or IOException or UnauthorizedAccessException;

    private void Evaluate(PictureCase one, Method method, string sha256, Lazy<CaseRunner> runner, Pass pass)
    {
        if (pass.Records.Find(one, method) is not { } record || record.PictureSha256 != sha256)
        {
            IProgress<ExplainProgress>? progress = pass.NextRun($"{one.Picture} {method.Name}");
            try
            {
                record = runner.Value.Run(method, method.For(pass.Model, settings.Seed), progress,
                    pass.CancellationToken);
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
            pass.Records.Add(record);
        }
        _cases.Add(record);
        if (settings.Sanity && settings.Shard.Index == 1 && !method.IsControl)
            CheckSanity(record, method, runner, pass);
    }

    /// <summary>Checks a method on its first picture. One picture is enough to show the effect.</summary>
    private void CheckSanity(CaseRecord explained, Method method, Lazy<CaseRunner> runner, Pass pass)
    {
        string name = $"sanity check of {method.Name}";
        if (_sanity.Any(done => done.Method == method.Name) || _unavailable.Any(gone => gone.Name == name))
            return;
        SanityRecord? record = pass.Records.FindSanity(explained);
        if (record is null)
        {
            try
            {
                record = runner.Value.Sanity(explained, method, settings.Seed, pass.CancellationToken);
            }
            catch (Exception e) when (e is UnsupportedModelException or ScoreCamException)
            {
                _unavailable.Add(new(name, ErrorReport.OneLine(e)));
                return;
            }
            pass.Records.Add(record);
        }
        _sanity.Add(record);
    }

    /// <summary>The state that all pictures share.</summary>
    private sealed record Pass(
        ImageModel Model, EvaluationRecords Records, RunCount Runs,
        Func<string, IProgress<ExplainProgress>?> NextRun, CancellationToken CancellationToken);
}
