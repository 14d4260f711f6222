using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation;

/// <summary>
/// One explanation under test: what was explained, by what, and the boxes of the class. It remembers what it has asked the network, so that several metrics
/// of one explanation share their passes. For one thread at a time.
/// </summary>
public sealed class EvaluationCase
{
    private readonly Dictionary<int, PixelOrder> _orders = [];
    private readonly NetworkInput _input;
    private readonly Target _target;
    private ScoreHead? _head;
    private double? _probability;
    private double? _masked;
    private double? _mutedMasked;
    private double? _coherency;
    private bool[]? _inBoxes;

    /// <summary>An explanation under test.</summary>
    /// <param name="explainer">What made it; asked again by metrics that need a second explanation.</param>
    /// <param name="image">What was explained.</param>
    /// <param name="explanation">The explanation, of a class.</param>
    /// <exception cref="ArgumentException">The explanation is not about a class of the model, its map holds a number that is not finite, or the image does not fit the model.</exception>
    public EvaluationCase(Explainer explainer, PreparedImage image, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(explanation);
        ClassIndex = explanation.ClassIndex
            ?? throw new ArgumentException($"Metrics are about the probability of a class, but the explanation is about '{explanation.TargetName}'. Explain Target.Predicted or Target.Class(…).", nameof(explanation));
        int classes = explainer.Model.Classes.Count;
        if ((uint)ClassIndex >= (uint)classes)
            throw new ArgumentException($"The explanation is about class {ClassIndex}, and the model has {classes} classes, 0 to {classes - 1}. Is it of another model?", nameof(explanation));
        if (Statistics.IndexOfNonFinite(explanation.Map.Values) is var bad and >= 0)
            throw new ArgumentException($"The explanation's map holds {explanation.Map.Values[bad]}; finite numbers were expected.", nameof(explanation));
        (Explainer, Image, Explanation) = (explainer, image, explanation);
        _input = explainer.Model.ToNetworkInput(image);
        _target = Target.Class(ClassIndex);
        SaliencyMap map = explanation.Map.Resize(image.Width, image.Height);
        Map = explanation.IsSigned ? Positive(map) : map;
    }

    /// <summary>What made the explanation.</summary>
    public Explainer Explainer { get; }

    /// <summary>What was explained.</summary>
    public PreparedImage Image { get; }

    /// <summary>The explanation.</summary>
    public Explanation Explanation { get; }

    /// <summary>The class that was explained; it stays fixed, whatever a changed picture would be classified as.</summary>
    public int ClassIndex { get; }

    /// <summary>The normalised map at the size of the network's input, 0…1; of a signed map the part that speaks for the class.</summary>
    public SaliencyMap Map { get; }

    /// <summary>Where objects of the class are, in pixels of the original picture; empty where that is not known.</summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];

    /// <summary>Explains a picture and takes the result under test.</summary>
    /// <inheritdoc cref="Explainer.Explain(PreparedImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public static EvaluationCase Explain(Explainer explainer, PreparedImage image, Target? target = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return new(explainer, image, explainer.Explain(image, target, cancellationToken: cancellationToken));
    }

    /// <summary>The picture as the network takes it.</summary>
    internal NetworkInput Input => _input;

    /// <summary>Y: probability of the class on the whole picture, 0…1.</summary>
    internal double Probability(CancellationToken cancellationToken) =>
        _probability ??= Probabilities(1, (_, picture, _) => _input.Write(picture), cancellationToken)[0];

    /// <summary>O: probability of the class on the picture masked by the map, 0…1; with the lower half of the map's pixels set to zero where that is asked.</summary>
    internal double MaskedProbability(bool mutesLowerHalf, CancellationToken cancellationToken) => mutesLowerHalf
        ? _mutedMasked ??= MaskedProbability(LowerHalfMuted(Map), cancellationToken)
        : _masked ??= MaskedProbability(Map.Values.ToArray(), cancellationToken);

    /// <summary>(ρ + 1) / 2 between the map and that of the picture masked by it, 0…1.</summary>
    internal double Coherency(CancellationToken cancellationToken)
    {
        if (_coherency is { } known)
            return known;
        var masked = new float[Image.Tensor.Length];
        for (int start = 0; start < masked.Length; start += Map.Values.Length)
            TensorPrimitives.Multiply(Image.Tensor.Slice(start, Map.Values.Length), Map.Values, masked.AsSpan(start));
        PreparedImage again = PreparedImage.FromTensor(masked, Image.Channels, Image.Height, Image.Width);
        var second = new EvaluationCase(Explainer, again, Explainer.Explain(again, _target, cancellationToken: cancellationToken));
        _coherency = (MapSimilarity.Pearson(second.Map, Map) + 1) / 2;
        return _coherency.Value;
    }

    /// <summary>The pixels from the largest value of the map to the smallest.</summary>
    internal PixelOrder Order(int seed)
    {
        if (!_orders.TryGetValue(seed, out PixelOrder? order))
            _orders.Add(seed, order = new PixelOrder(Map.Values, seed));
        return order;
    }

    /// <summary>The boxes as they lie in the network's input; those that were cropped away are left out.</summary>
    internal IReadOnlyList<Box> BoxesOnInput() => [.. Boxes.Select(box => box.OnInput(Image.Mapping)).Where(box => box.Area > 0)];

    /// <summary>For each pixel of the input whether it is in any box.</summary>
    internal bool[] InBoxes()
    {
        if (_inBoxes is not null)
            return _inBoxes;
        IReadOnlyList<Box> boxes = BoxesOnInput();
        return _inBoxes = [.. Enumerable.Range(0, Image.Height * Image.Width).Select(i => boxes.Any(box => box.Covers(i / Image.Width, i % Image.Width)))];
    }

    /// <summary>Probabilities of the class on any number of pictures, 0…1.</summary>
    internal float[] Probabilities(int pictures, PictureWriter write, CancellationToken cancellationToken)
    {
        ImageModel model = Explainer.Model;
        using ModelLifetime.Scope use = model.Use();
        using var run = new RunContext(null, cancellationToken);
        _head ??= model.Network.Score(_input, run).Head;
        return new TargetScorer(model.Network.Pool, Image.Height, Image.Width, _head, [_target], probabilities: true).Score(pictures, write, run)[0];
    }

    private double MaskedProbability(float[] mask, CancellationToken cancellationToken) =>
        Probabilities(1, (_, picture, _) => _input.WriteMasked(mask, picture), cancellationToken)[0];

    private static SaliencyMap Positive(SaliencyMap map)
    {
        float[] values = map.Values.ToArray();
        TensorPrimitives.Max(values, 0, values);
        return new(map.Width, map.Height, values);
    }

    /// <summary>The map with every pixel below the median set to zero: where no two are equal, half of them.</summary>
    private static float[] LowerHalfMuted(SaliencyMap map)
    {
        float[] sorted = map.Values.ToArray();
        Array.Sort(sorted);
        float median = sorted[sorted.Length / 2];
        return [.. map.Values.ToArray().Select(value => value < median ? 0 : value)];
    }
}
