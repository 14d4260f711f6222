using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation.Comparison;
using Spectre.Console;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// Runs <c>scorecam compare</c>. The networks are processed one after the other, so that only one is loaded at a time.
/// Results that are already computed are not computed again.
/// </summary>
internal sealed class CompareRun(CompareSettings settings, TextWriter output, TextWriter error)
{
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        settings.Check();
        ClassGroups? groups = settings.LoadGroups();
        ComparePlan plan = ComparePlan.Of(settings);
        IReadOnlyList<string> names = settings.NetworkNames();
        IAnsiConsole console = Screen.Open(output);
        using CompareRecords records = new(RecordFile.PathFor(settings.Outputs.Paths));
        List<LeftOut> leftOut = [.. plan.LeftOut];
        List<NetworkRecord> networks = [];
        RunCount runs = new(plan.Pictures.Count * names.Count * settings.Columns.Count);
        try
        {
            await ProgressView.ShowAsync(console, error, runs, async nextRun =>
            {
                for (int i = 0; i < names.Count; i++)
                {
                    using ImageModel model = settings.Load(i);
                    if (i == 0)
                        plan = plan.Named(model.Classes);
                    NetworkRun run = new(settings, model, names[i], records, leftOut);
                    networks.Add(await Task.Run(() =>
                        run.Execute(plan, runs, nextRun, cancellationToken), cancellationToken));
                }
            });
        }
        catch (OperationCanceledException) when (records.Path is not null)
        {
            error.WriteLine(
                $"scorecam: {records.Count} results are kept in '{records.Path}'; the same command goes on from there");
            throw;
        }

        HashSet<string> answered =
            [.. networks.SelectMany(network => network.Answers.Select(answer => answer.Picture))];
        if (answered.Count == 0 && plan.Pictures.Count > 0 && settings.Shard == Shard.Whole)
            throw new UserException(
                "nothing could be compared: "
                + $"{(leftOut is [var why, ..] ? $"{why.Name}: {why.Reason}" : "no picture is left")}");
        ComparisonResult result = new ComparisonResult
        {
            Version = ProgramVersion.Current,
            PicturesSha256 = plan.Sha256,
            Seed = settings.Seed,
            Class = settings.Class,
            Methods = [.. settings.Columns.Select(column => new MethodColumn(column.Name, column.Method.IsControl))],
            Metrics = [.. settings.Metrics.Select(metric =>
                new MetricColumn(metric.Name, metric.Title, metric.HigherIsBetter))],
            Shards = settings.Shard == Shard.Whole ? [] : [settings.Shard.ToString()],
            Groups = groups?.Names.ToDictionary(name => name, name =>
                groups.Classes.Where(c => groups.Of(c) == name).ToArray()),
            LeftOut = [.. leftOut],
            Pictures = [.. plan.Pictures.Select(picture => picture.Record).Where(picture =>
                answered.Contains(picture.Name))],
            Networks = [.. networks],
        }.Completed();
        Dictionary<string, string> paths =
            plan.Pictures.ToDictionary(picture => picture.Record.Name, picture => picture.Path);
        new CompareSummary(console).Write(result);
        settings.Outputs.Write(result, name => paths[name]);
        foreach (string path in settings.Outputs.Paths)
            console.WriteLine($"written  {Path.GetFullPath(path)}");
    }
}
