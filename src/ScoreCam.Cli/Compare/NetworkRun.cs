using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;
using ScoreCam.ImageSharp;

namespace ScoreCam.Cli.Compare;

/// <summary>Runs one network on all pictures.</summary>
internal sealed class NetworkRun
{
    private readonly CompareSettings _settings;
    private readonly ImageModel _model;
    private readonly CompareRecords _records;
    private readonly List<LeftOut> _leftOut;
    private readonly NetworkObserver _observer;
    private readonly NetworkRecord _network;
    private readonly IReadOnlyList<string> _columns;
    private readonly string _key;
    private readonly int? _class;

    /// <param name="settings">The settings of the comparison.</param>
    /// <param name="model">The network.</param>
    /// <param name="name">The name of the network.</param>
    /// <param name="records">The results that were computed before.</param>
    /// <param name="leftOut">Receives the items that cannot be computed.</param>
    public NetworkRun(
        CompareSettings settings, ImageModel model, string name, CompareRecords records, List<LeftOut> leftOut)
    {
        (_settings, _model, _records, _leftOut) = (settings, model, records, leftOut);
        _class = settings.Class is null ? null : ClassOf(model, name, settings.Class);
        Dictionary<string, Explainer> explainers = Explainers(name);
        _columns = [.. settings.Columns.Select(column => column.Name).Where(explainers.ContainsKey)];
        _observer = new(model, explainers, settings.Metrics, name);
        _network = NetworkRecord.Of(_observer.Network, ModelRecord.Of(model));
        _key = _network.Model.Key(settings.Seed);
    }

    public NetworkRecord Execute(
        ComparePlan plan, RunCount runs, Func<string, IProgress<ExplainProgress>?> nextRun,
        CancellationToken cancellationToken)
    {
        runs.Skip(plan.Pictures.Count * (_settings.Columns.Count - _columns.Count));
        List<AnswerRecord> answers = [];
        List<ComparedMapRecord> maps = [];
        foreach (PlannedPicture picture in plan.Pictures)
            try
            {
                Lazy<PreparedImage> image = new(() => Prepare(picture));
                (AnswerRecord record, NetworkAnswer answer) = Answer(picture.Record, image);
                answers.Add(record);
                int classIndex = _class ?? answer.ClassIndex ?? answer.Predicted;
                foreach (string column in _columns)
                    if (Find(picture.Record, column, classIndex) is { } known)
                    {
                        runs.Skip(1);
                        maps.Add(known);
                    }
                    else if (Explain(picture.Record, image, column, classIndex, nextRun, cancellationToken) is { } map)
                    {
                        maps.Add(map);
                    }
            }
            catch (Exception e) when (
                e is InvalidDataException or IOException or UnauthorizedAccessException or UserException)
            {
                runs.Skip(_columns.Count);
                _leftOut.Add(new(picture.Record.Name, ErrorReport.OneLine(e)));
            }
            catch (ScoreCamException e)
            {
                runs.Skip(_columns.Count);
                _leftOut.Add(new(picture.Record.Name, $"{_network.Name}: {ErrorReport.OneLine(e)}"));
            }
        return _network with { Answers = [.. answers], Maps = [.. maps] };
    }

    private Dictionary<string, Explainer> Explainers(string name)
    {
        Dictionary<string, Explainer> explainers = [];
        foreach (CompareColumn column in _settings.Columns)
            try
            {
                explainers.Add(column.Name, column.Method.For(_model, _settings.Seed, column.Layer));
            }
            catch (UnsupportedModelException e)
            {
                _leftOut.Add(new($"{column.Name} on {name}", ErrorReport.OneLine(e)));
            }
            catch (ArgumentException e)
            {
                throw new UserException($"{name}: {ErrorReport.OneLine(e)}", e);
            }
        return explainers;
    }

    private PreparedImage Prepare(PlannedPicture picture)
    {
        PreparedImage image = _model.Prepare(ImageSharpImage.Load(picture.Path));
        BoxTable.RequireInside(picture.Record.Boxes, image.Mapping);
        return image;
    }

    private (AnswerRecord Record, NetworkAnswer Answer) Answer(PictureRecord picture, Lazy<PreparedImage> image)
    {
        if (_records.FindAnswer(_key, picture, IndexOf(picture)) is { } known)
            return (known, known.ToAnswer(_network.Name));
        NetworkAnswer answer = _observer.Answer(image.Value, picture.ToPicture());
        AnswerRecord record = AnswerRecord.Of(answer, picture.Sha256);
        _records.Add(_key, record);
        return (record, answer);
    }

    private int? IndexOf(PictureRecord picture) =>
        picture.ClassName is null ? null : ClassMatch.Find(_model.Classes, picture.ClassName, picture.ClassIndex);

    private ComparedMapRecord? Find(PictureRecord picture, string column, int classIndex) =>
        _records.FindMap(_key, picture, column, classIndex, _settings.Metrics.Select(metric => metric.Name));

    /// <summary>Returns the map; null if the method fails on this picture.</summary>
    private ComparedMapRecord? Explain(
        PictureRecord picture, Lazy<PreparedImage> image, string column, int classIndex,
        Func<string, IProgress<ExplainProgress>?> nextRun, CancellationToken cancellationToken)
    {
        try
        {
            IProgress<ExplainProgress>? progress = nextRun($"{_network.Name}, {column}, {picture.Name}");
            ComparedMap map =
                _observer.Explain(image.Value, picture.ToPicture(), column, classIndex, progress, cancellationToken);
            ComparedMapRecord record = ComparedMapRecord.Of(map, picture);
            _records.Add(_key, record);
            return record;
        }
        catch (Exception e) when (e is UnsupportedModelException or ScoreCamException)
        {
            LeftOut why = new($"{column} on {_network.Name}", ErrorReport.OneLine(e));
            if (!_leftOut.Contains(why))
                _leftOut.Add(why);
            return null;
        }
    }

    private static int ClassOf(ImageModel model, string network, string name)
    {
        try
        {
            return model.Classes.IndexOf(name);
        }
        catch (ArgumentException e)
        {
            throw new UserException($"{network}: {ErrorReport.OneLine(e)}", e);
        }
    }
}
