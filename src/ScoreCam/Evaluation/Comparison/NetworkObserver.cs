using System.Diagnostics;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Computes the predictions of one network, and its maps with each method. A <see cref="NetworkComparison"/> compares
/// the results of several networks, which do not have to be loaded at the same time. Thread-safe, because explainers
/// are.
/// </summary>
public sealed class NetworkObserver
{
    private readonly IReadOnlyDictionary<string, Explainer> _methods;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly ImageModel _model;

    /// <summary>Creates an observer of a model.</summary>
    /// <param name="model">The network. Do not dispose it while the observer is in use.</param>
    /// <param name="methods">Explainers of this model, by the name of the method in the comparison.</param>
    /// <param name="metrics">The metrics to compute for every map.</param>
    /// <param name="name">The name of the network in the comparison. The default is the model's own name.</param>
    /// <exception cref="ArgumentException">An explainer belongs to another model.</exception>
    public NetworkObserver(
        ImageModel model, IReadOnlyDictionary<string, Explainer> methods, IReadOnlyList<Metric> metrics,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(metrics);
        if (methods.FirstOrDefault(method => method.Value.Model != model) is { Value: not null } other)
            throw new ArgumentException($"The explainer of '{other.Key}' belongs to another model.", nameof(methods));
        (_model, _methods, _metrics) = (model, methods, metrics);
        Network = ComparedNetwork.Of(model, name);
    }

    /// <summary>The facts about the network.</summary>
    public ComparedNetwork Network { get; }

    /// <summary>Classifies a picture.</summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="picture">The name and class of the picture.</param>
    /// <exception cref="ArgumentException">The network does not accept the shape of the image.</exception>
    /// <exception cref="ScoreCamException">The network produced non-finite values, or failed.</exception>
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
    /// Explains a picture with one method, and computes the metrics of the map. If the network predicts another class,
    /// a second run explains the predicted class as well. The time and the passes are those of the first run.
    /// </summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="picture">The name and boxes of the picture.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="classIndex">
    /// The class to explain, in the network's own numbering. <see cref="Answer"/> finds the class of the picture.
    /// </param>
    /// <param name="progress">Receives a report after every batch and every metric.</param>
    /// <param name="cancellationToken">Cancels the run, even during a batch.</param>
    /// <exception cref="ArgumentException">
    /// The method or the class does not exist, or the image does not fit the network.
    /// </exception>
    /// <exception cref="UnsupportedModelException">The method does not support the network.</exception>
    /// <exception cref="ScoreCamException">The network produced non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
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

    /// <summary>The progress of one of several steps.</summary>
    private sealed class Step(IProgress<ExplainProgress> progress, int before, int steps) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) =>
            progress.Report(new(value.Done + (before * value.Total), value.Total * steps));
    }
}
