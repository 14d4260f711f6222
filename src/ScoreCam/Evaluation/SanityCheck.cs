using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation;

/// <summary>
/// The model parameter randomisation test (Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018). It
/// replaces the weights of Conv, Gemm and MatMul with random weights, layer by layer from the last to the first, and
/// explains each randomised network. If the map does not change, the method does not explain the network. Thread-safe.
/// </summary>
/// <remarks>
/// Each weight tensor keeps its mean and standard deviation. Biases and batch-norm statistics are not changed. Until a
/// cascade reaches the layers before the explained layer, some similarity is expected, because the activations are
/// still the trained ones.
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
    /// <param name="options">How the weights are randomised; null uses the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="UnsupportedModelException">
    /// The model file contains no float weights, because it is quantized or its weights are in another file.
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

    /// <summary>The output tensors of the randomised layers, last layer first.</summary>
    public IReadOnlyList<string> Layers => [.. _layers.Select(layer => layer.Node.Outputs[0])];

    /// <summary>Explains a picture with the trained network and with each randomised one.</summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="target">A class. Null means the predicted class. The class is the same for all networks.</param>
    /// <param name="progress">
    /// Receives the number of finished steps and the total number of steps after each step.
    /// </param>
    /// <param name="cancellationToken">Cancels the check, even during a batch.</param>
    /// <returns>One step per randomised network, in order.</returns>
    /// <exception cref="ArgumentException">The target is not a class of the model.</exception>
    /// <exception cref="ScoreCamException">A network produced non-finite values, or failed.</exception>
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

    /// <summary>Returns the model with random weights in these layers, counted from the last layer.</summary>
    internal byte[] Randomised(int first, int last)
    {
        byte[] bytes = _model.Bytes.ToArray();
        for (int i = first; i <= last; i++)
        {
            float[] values = FloatTensor.Read(bytes, _layers[i].Weights);
            double mean = TensorPrimitives.Sum<float>(values) / (double)values.Length;
            double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
            // The random weights of a layer are the same in a cascade and in an independent step.
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

/// <summary>Options of a <see cref="SanityCheck"/>.</summary>
public sealed record SanityCheckOptions
{
    /// <summary>The weights that each step randomises. The default is cascading.</summary>
    public RandomizationOrder Order { get; init; } = RandomizationOrder.Cascading;

    /// <summary>
    /// The number of steps, at least 1. The steps are distributed evenly over the layers. The default is null, which
    /// means one step per layer.
    /// </summary>
    public int? Steps { get; init; }

    /// <summary>The seed of the random weights. The default is 0.</summary>
    public int Seed { get; init; }
}

/// <summary>The weights that a step of the sanity check randomises.</summary>
public enum RandomizationOrder
{
    /// <summary>The weights of the step's layer and of every later layer.</summary>
    Cascading,

    /// <summary>The weights of the step's layer only.</summary>
    Independent,
}

/// <summary>
/// The explanation of a randomised network, compared with the explanation of the trained network. Immutable and
/// thread-safe.
/// </summary>
public sealed record SanityStep
{
    /// <summary>
    /// The output tensor of the randomised layer. If several layers are randomised, it is the earliest in the graph.
    /// </summary>
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
