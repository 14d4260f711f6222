using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation;

/// <summary>
/// The model parameter randomisation test (Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018). It
/// replaces the weights of Conv, Gemm and MatMul by random ones, layer by layer from the last to the first, and
/// explains each randomised network. A method whose map does not change does not explain the network. Thread-safe.
/// </summary>
/// <remarks>
/// Each weight tensor keeps its mean and standard deviation. Biases and batch-norm statistics stay. Until a cascade has
/// passed the explained layer, some similarity is expected, because the activations are still the trained ones.
/// </remarks>
public sealed class SanityCheck
{
    private readonly ImageModel _model;
    private readonly Func<ImageModel, Explainer> _explainer;
    private readonly SanityCheckOptions _options;
    private readonly IReadOnlyList<WeightLayer> _layers;

    /// <summary>Creates a check of a method on a model.</summary>
    /// <param name="model">The trained network.</param>
    /// <param name="explainer">
    /// Creates the method for a network. It is called for the trained network and for each randomised one.
    /// </param>
    /// <param name="options">How the weights are randomised; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="UnsupportedModelException">
    /// The model file holds no float weights: it is quantized, or its weights are in another file.
    /// </exception>
    public SanityCheck(ImageModel model, Func<ImageModel, Explainer> explainer, SanityCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(explainer);
        (_model, _explainer, _options) = (model, explainer, options ?? new());
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Steps ?? 1, 1, nameof(SanityCheckOptions.Steps));
        if (!Enum.IsDefined(_options.Order))
            throw new ArgumentOutOfRangeException(
                nameof(SanityCheckOptions.Order), _options.Order, "Expected Cascading or Independent.");
        _layers = [.. WeightLayers.Find(OnnxGraph.Read(model.Bytes), model.ScoreTensor).Reverse()];
        if (_layers.Count == 0)
            throw new UnsupportedModelException(
                $"The file of the model '{model.Name}' holds no float weights of Conv, Gemm or MatMul, so none can be "
                + "randomised. Quantized models and external weights cannot be checked: use the float model in one "
                + "file.");
    }

    /// <summary>The output tensors of the layers that are randomised, the last layer first.</summary>
    public IReadOnlyList<string> Layers => [.. _layers.Select(layer => layer.Node.Outputs[0])];

    /// <summary>Explains a picture with the trained network and with each randomised one.</summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="target">A class; null for the predicted one. It stays fixed.</param>
    /// <param name="progress">Receives the number of steps done and the number of all steps after each step.</param>
    /// <param name="cancellationToken">Stops the check, even within a batch.</param>
    /// <returns>One step per randomised network, in order.</returns>
    /// <exception cref="ArgumentException">The target is not a class of the model.</exception>
    /// <exception cref="ScoreCamException">A network returned non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public IReadOnlyList<SanityStep> Run(
        PreparedImage image,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Explanation original = _explainer(_model).Explain(image, target, cancellationToken: cancellationToken);
        int classIndex = original.ClassIndex ?? throw new ArgumentException(
            $"The sanity check needs a class, and the target is '{original.TargetName}'.", nameof(target));

        List<SanityStep> steps = [];
        int[] depths = Depths();
        foreach (int depth in depths)
        {
            int first = _options.Order == RandomizationOrder.Cascading ? 0 : depth;
            using ImageModel randomised = _model.WithBytes(Randomised(first, depth));
            Explanation explanation = _explainer(randomised).Explain(
                image, Target.Class(classIndex), cancellationToken: cancellationToken);
            SaliencyMap map = explanation.Map.Resize(original.Map.Width, original.Map.Height);
            steps.Add(new()
            {
                Layer = _layers[depth].Node.Outputs[0],
                RandomizedLayers = depth - first + 1,
                Explanation = explanation,
                Spearman = MapSimilarity.Spearman(original.Map, map),
                Ssim = MapSimilarity.Ssim(original.Map, map),
            });
            progress?.Report(new ExplainProgress(steps.Count, depths.Length));
        }
        return steps;
    }

    /// <summary>The model with random weights in these layers, counted from the last one.</summary>
    internal byte[] Randomised(int first, int last)
    {
        byte[] bytes = _model.Bytes.ToArray();
        for (int i = first; i <= last; i++)
        {
            float[] values = FloatTensor.Read(bytes, _layers[i].Weights);
            double mean = TensorPrimitives.Sum<float>(values) / (double)values.Length;
            double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
            // The random weights of a layer are the same in a cascade and alone.
            var random = new SeededRandom(_options.Seed, i);
            for (int w = 0; w < values.Length; w++)
                values[w] = (float)(mean + (deviation * random.NextNormal()));
            FloatTensor.Write(bytes, _layers[i].Weights, values);
        }
        return bytes;
    }

    // The layer of each step. The last step is always the first layer of the network.
    private int[] Depths()
    {
        int steps = Math.Min(_options.Steps ?? _layers.Count, _layers.Count);
        return [.. Enumerable.Range(1, steps).Select(i => (int)Math.Round((double)i * _layers.Count / steps) - 1)];
    }
}

/// <summary>How a <see cref="SanityCheck"/> randomises the weights.</summary>
public sealed record SanityCheckOptions
{
    /// <summary>Which weights each step randomises. Default: cascading.</summary>
    public RandomizationOrder Order { get; init; } = RandomizationOrder.Cascading;

    /// <summary>
    /// The number of steps, at least 1, spread evenly over the layers. Default (null): one per layer.
    /// </summary>
    public int? Steps { get; init; }

    /// <summary>The seed of the random weights.</summary>
    public int Seed { get; init; }
}

/// <summary>Which weights a step of the sanity check randomises.</summary>
public enum RandomizationOrder
{
    /// <summary>Those of the step's layer and of every later layer.</summary>
    Cascading,

    /// <summary>Those of the step's layer alone.</summary>
    Independent,
}

/// <summary>
/// The explanation of a randomised network, compared with that of the trained network. Immutable and thread-safe.
/// </summary>
public sealed record SanityStep
{
    /// <summary>The output tensor of the randomised layer; of several layers, the earliest in the graph.</summary>
    public required string Layer { get; init; }

    /// <summary>The number of randomised layers.</summary>
    public required int RandomizedLayers { get; init; }

    /// <summary>The explanation of the same class by the randomised network.</summary>
    public required Explanation Explanation { get; init; }

    /// <summary>Spearman's rank correlation of its map with the original map, −1…1.</summary>
    public required double Spearman { get; init; }

    /// <summary>The structural similarity of the two maps, −1…1.</summary>
    public required double Ssim { get; init; }
}
