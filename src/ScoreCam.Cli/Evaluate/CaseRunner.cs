using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam.Cli.Evaluate;

/// <summary>Explains one class on one picture with any method, and computes the metrics of the maps.</summary>
internal sealed class CaseRunner
{
    private readonly ImageModel _model;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly PictureCase _case;
    private readonly string _sha256;
    private readonly PreparedImage _image;
    private readonly Prediction _prediction;
    private readonly int _class;

    /// <exception cref="UserException">A box is outside the picture.</exception>
    public CaseRunner(
        ImageModel model, IReadOnlyList<Metric> metrics, PictureCase pictureCase, string sha256, PreparedImage image,
        Prediction prediction)
    {
        (_model, _metrics, _case) = (model, metrics, pictureCase);
        (_sha256, _image, _prediction) = (sha256, image, prediction);
        _class = pictureCase.ClassIndex ?? prediction.Top;
        BoxTable.RequireInside(pictureCase.Boxes, image.Mapping);
    }

    public CaseRecord Run(
        Method method, Explainer explainer, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
    {
        // The map is one step, and every metric is another.
        int steps = 1 + _metrics.Count, done = 0;
        FirstOf? first = progress is null ? null : new(steps, progress);
        Explanation explanation = explainer.Explain(_image, Target.Class(_class), first, cancellationToken);
        EvaluationCase evaluation = new(explainer, _image, explanation)
        {
            Boxes = [.. _case.Boxes.Select(BoxTable.ToBox)],
        };
        Dictionary<string, double?> values = [];
        List<CurveRecord> curves = [];
        double? tied = null;
        foreach (Metric metric in _metrics)
        {
            progress?.Report(new(++done, steps));
            MetricResult result = metric.Evaluate(evaluation, cancellationToken);
            values[metric.Name] = result.Value;
            tied ??= result.TiedShare;
            curves.AddRange(result.Curves.Select(CurveRecord.Of));
        }
        int predicted = _prediction.Top;
        return new()
        {
            Picture = _case.Picture,
            PictureSha256 = _sha256,
            ClassIndex = _class,
            ClassName = _model.Classes[_class],
            Probability = _prediction.Probabilities[_class],
            IsPredicted = _case.ClassIndex is null,
            PredictedName = _model.Classes[predicted],
            PredictedProbability = _prediction.Probabilities[predicted],
            Boxes = _case.Boxes,
            Method = method.Name,
            Values = values,
            TiedShare = tied,
            Curves = [.. curves],
            Map = MapRecord.Of(explanation),
            Seconds = explanation.Elapsed.TotalSeconds,
            Passes = explanation.Passes,
            GradientPasses = explanation.GradientPasses,
            Warnings = [.. explanation.Warnings],
        };
    }

    /// <summary>
    /// Explains with networks whose weights are progressively randomised, for comparison with the map.
    /// </summary>
    public SanityRecord Sanity(CaseRecord explained, Method method, int seed, CancellationToken cancellationToken)
    {
        SanityCheck check = new(_model, model => method.For(model, seed), new() { Steps = SanitySteps, Seed = seed });
        return new()
        {
            Picture = _case.Picture,
            PictureSha256 = _sha256,
            ClassIndex = _class,
            ClassName = _model.Classes[_class],
            Method = method.Name,
            Map = explained.Map,
            Steps =
            [
                .. check.Run(_image, Target.Class(_class), cancellationToken: cancellationToken)
                    .Select(SanityStepRecord.Of),
            ],
        };
    }

    /// <summary>The number of maps that fit side by side on a screen.</summary>
    private const int SanitySteps = 8;

    /// <summary>The progress of the first of several steps.</summary>
    private sealed class FirstOf(int steps, IProgress<ExplainProgress> progress) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) => progress.Report(new(value.Done, value.Total * steps));
    }
}
