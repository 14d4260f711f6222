using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation;

/// <summary>
/// The model parameter randomisation test (Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018): the weights of Conv, Gemm and MatMul are drawn anew,
/// layer by layer from the last to the first, and each randomised network is explained. A method whose map does not change does not explain the network.
/// Each tensor keeps its mean and standard deviation; biases and batch-norm statistics stay. Until a cascade has passed the explained layer, some similarity is expected: its
/// activations are still the trained ones. Thread-safe.
/// </summary>
public sealed class SanityCheck
{
    private readonly ImageModel _model;
    private readonly Func<ImageModel, Explainer> _explainer;
    private readonly SanityCheckOptions _options;
    private readonly IReadOnlyList<WeightLayer> _layers;

    /// <summary>A check of a method on a model.</summary>
    /// <param name="model">The trained network.</param>
    /// <param name="explainer">Makes the method for a model: called for the network itself and for every randomised one.</param>
    /// <param name="options">How weights are randomised.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="UnsupportedModelException">The model has no float weights inside of its file (it is quantized, or its weights stand in another file).</exception>
    public SanityCheck(ImageModel model, Func<ImageModel, Explainer> explainer, SanityCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(explainer);
        (_model, _explainer, _options) = (model, explainer, options ?? new());
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Steps ?? 1, 1, nameof(SanityCheckOptions.Steps));
        if (!Enum.IsDefined(_options.Order))
            throw new ArgumentOutOfRangeException(nameof(SanityCheckOptions.Order), _options.Order, "Expected Cascading or Independent.");
        _layers = [.. WeightLayers.Find(OnnxGraph.Read(model.Bytes), model.ScoreTensor).Reverse()];
        if (_layers.Count == 0)
            throw new UnsupportedModelException($"The model '{model.Name}' has no float weights of Conv, Gemm or MatMul inside of its file, so none can be drawn anew. Quantized models and external weights cannot be checked; use the float model in one file.");
    }

    /// <summary>Output tensors of the layers that are randomised, the last one first.</summary>
    public IReadOnlyList<string> Layers => [.. _layers.Select(layer => layer.Node.Outputs[0])];

    /// <summary>Explains a picture with the network and with every randomised one.</summary>
    /// <param name="image">The picture, prepared by the model.</param>
    /// <param name="target">A class; the predicted one by default. It stays fixed.</param>
    /// <param name="progress">Told after every step: steps done, steps in all.</param>
    /// <param name="cancellationToken">Stops the check in the middle of a batch.</param>
    /// <returns>One step per randomised network, in order.</returns>
    /// <exception cref="ArgumentException">The target is not a class of the model.</exception>
    /// <exception cref="ScoreCamException">A network gave non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<SanityStep> Run(PreparedImage image, Target? target = null, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Explanation original = _explainer(_model).Explain(image, target, cancellationToken: cancellationToken);
        Target fixedClass = Target.Class(original.ClassIndex ?? throw new ArgumentException($"The sanity check needs a class, and the target is '{original.TargetName}'.", nameof(target)));

        List<SanityStep> steps = [];
        int[] depths = Depths();
        foreach (int depth in depths)
        {
            int first = _options.Order == RandomizationOrder.Cascading ? 0 : depth;
            using ImageModel randomised = _model.WithBytes(Randomised(first, depth));
            Explanation explanation = _explainer(randomised).Explain(image, fixedClass, cancellationToken: cancellationToken);
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

    /// <summary>The bytes of the model with the weights of these layers, counted from the last one, drawn anew.</summary>
    internal byte[] Randomised(int first, int last)
    {
        byte[] bytes = _model.Bytes.ToArray();
        for (int i = first; i <= last; i++)
        {
            float[] values = FloatTensor.Read(bytes, _layers[i].Weights);
            double mean = TensorPrimitives.Sum<float>(values) / (double)values.Length;
            double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
            // A layer's weights are the same in a cascade and alone.
            var random = new SeededRandom(_options.Seed, i);
            for (int w = 0; w < values.Length; w++)
                values[w] = (float)(mean + (deviation * random.NextNormal()));
            FloatTensor.Write(bytes, _layers[i].Weights, values);
        }
        return bytes;
    }

    /// <summary>Places of the steps among the layers: the last step is always the first layer of the network.</summary>
    private int[] Depths()
    {
        int steps = Math.Min(_options.Steps ?? _layers.Count, _layers.Count);
        return [.. Enumerable.Range(1, steps).Select(step => (int)Math.Round((double)step * _layers.Count / steps) - 1)];
    }
}
