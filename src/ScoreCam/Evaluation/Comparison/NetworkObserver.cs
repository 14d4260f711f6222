using System.Diagnostics;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Computes the predictions of one network, and its maps with each method. A <see cref="NetworkComparison"/> compares
/// the results of several networks, which need not be loaded at the same time. Thread-safe, as the explainers are.
/// </summary>
public sealed class NetworkObserver
{
    private readonly IReadOnlyDictionary<string, Explainer> _methods;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly ImageModel _model;

    /// <summary>An observer of a model.</summary>
    /// <param name="model">The network; it must outlive the observer.</param>
    /// <param name="methods">Explainers of this model, by the name that the method has in the comparison.</param>
    /// <param name="metrics">What is measured on every map.</param>
    /// <param name="name">Name of the network in the comparison; the model's own by default.</param>
    /// <exception cref="ArgumentException">An explainer is of another model.</exception>
    public NetworkObserver(
        ImageModel model, IReadOnlyDictionary<string, Explainer> methods, IReadOnlyList<Metric> metrics,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(metrics);
        if (methods.FirstOrDefault(method => method.Value.Model != model) is { Value: not null } other)
            throw new ArgumentException($"The explainer of '{other.Key}' is of another model.", nameof(methods));
        (_model, _methods, _metrics) = (model, methods, metrics);
        Network = ComparedNetwork.Of(model, name);
    }

    /// <summary>The facts about the network.</summary>
    public ComparedNetwork Network { get; }

    /// <summary>Classifies a picture.</summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="picture">Its name and class.</param>
    /// <exception cref="ArgumentException">The image has another shape than the network takes.</exception>
    /// <exception cref="ScoreCamException">The network gave non-finite values, or failed.</exception>
    public NetworkAnswer Answer(PreparedImage image, ComparedPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        long started = Stopwatch.GetTimestamp();
        Prediction prediction = _model.Predict(image);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        int? classIndex = picture.ClassName is null
            ? null
            : ClassMatch.Find(_model.Classes, picture.ClassName, picture.ClassIndex);
        return new(Network.Name, picture.Name, prediction.Probabilities, classIndex) { Elapsed = elapsed };
    }

    /// <summary>
    /// Explains a picture with one method, and measures the map. If the network predicts another class, that class is
    /// explained too, in a second run. Time and passes are those of the first.
    /// </summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="picture">Its name and boxes.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="classIndex">
    /// The class to explain, in the network's own numbering; <see cref="Answer"/> finds the picture's.
    /// </param>
    /// <param name="progress">Told after every batch and metric.</param>
    /// <param name="cancellationToken">Stops in the middle of a batch.</param>
    /// <exception cref="ArgumentException">There is no such method or class, or the image does not fit.</exception>
    /// <exception cref="UnsupportedModelException">The method does not suit the network.</exception>
    /// <exception cref="ScoreCamException">The network gave non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ComparedMap Explain(
        PreparedImage image, ComparedPicture picture, string method, int classIndex,
        IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!_methods.TryGetValue(method, out Explainer? explainer))
            throw new ArgumentException(
                $"There is no method '{method}'; expected one of {string.Join(", ", _methods.Keys)}.", nameof(method));
        int predicted = _model.Predict(image).Top;
        int runs = predicted == classIndex ? 1 : 2, steps = runs + _metrics.Count;
        Explanation Run(int target, int done) => explainer.Explain(
            image, Target.Class(target), progress is null ? null : new Step(progress, done, steps), cancellationToken);
        Explanation explanation = Run(classIndex, 0);
        Explanation? other = runs == 1 ? null : Run(predicted, 1);

        EvaluationCase evaluation = new(explainer, image, explanation) { Boxes = picture.Boxes };
        Dictionary<string, double?> values = [];
        foreach (Metric metric in _metrics)
        {
            values[metric.Name] = metric.Evaluate(evaluation, cancellationToken).Value;
            progress?.Report(new(runs + values.Count, steps));
        }
        return new()
        {
            Network = Network.Name,
            Picture = picture.Name,
            Method = method,
            ClassIndex = classIndex,
            Map = ComparedMap.OnPicture(explanation),
            PredictedMap = other is null ? null : ComparedMap.OnPicture(other),
            Values = values,
            Elapsed = explanation.Elapsed,
            Passes = explanation.Passes,
            GradientPasses = explanation.GradientPasses,
            Warnings = explanation.Warnings,
        };
    }

    /// <summary>Progress of one of several steps.</summary>
    private sealed class Step(IProgress<ExplainProgress> progress, int before, int steps) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) =>
            progress.Report(new(value.Done + (before * value.Total), value.Total * steps));
    }
}
