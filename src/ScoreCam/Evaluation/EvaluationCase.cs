using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation;

/// <summary>
/// One explanation to evaluate: the explainer, the picture, the explanation and the boxes of the class. It stores the
/// results of its forward passes, so that several metrics can share them. Not thread-safe.
/// </summary>
public sealed class EvaluationCase
{
    private readonly Dictionary<int, PixelOrder> _orders = [];
    private readonly Dictionary<string, MetricResult> _results = [];
    private readonly NetworkInput _input;
    private readonly Target _target;
    private double? _whole;
    private double? _masked;
    private double? _mutedMasked;
    private double? _coherency;
    private bool[]? _inBoxes;

    /// <summary>Creates a case from an explanation.</summary>
    /// <param name="explainer">The explainer. Metrics that need a second explanation run it again.</param>
    /// <param name="image">The explained picture.</param>
    /// <param name="explanation">The explanation of a class.</param>
    /// <exception cref="ArgumentException">
    /// The explanation is not about a class of the model, its map contains a value that is not finite, or the image
    /// does not fit the model.
    /// </exception>
    public EvaluationCase(Explainer explainer, PreparedImage image, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(explanation);
        ClassIndex = RequireClass(explanation, explainer.Model.Classes.Count);
        if (Statistics.IndexOfNonFinite(explanation.Map.Values) is var bad and >= 0)
            throw new ArgumentException(
                $"The explanation's map holds {explanation.Map.Values[bad]}; finite numbers were expected.",
                nameof(explanation));
        (Explainer, Image, Explanation) = (explainer, image, explanation);
        _input = explainer.Model.ToNetworkInput(image);
        _target = Target.Class(ClassIndex);
        SaliencyMap map = explanation.Map.Resize(image.Width, image.Height);
        Map = explanation.IsSigned ? PositivePart(map) : map;
    }

    /// <summary>The explainer.</summary>
    public Explainer Explainer { get; }

    /// <summary>The explained picture.</summary>
    public PreparedImage Image { get; }

    /// <summary>The explanation.</summary>
    public Explanation Explanation { get; }

    /// <summary>The explained class. It stays the same for changed pictures, whatever their prediction is.</summary>
    public int ClassIndex { get; }

    /// <summary>
    /// The normalised map at the size of the network's input, 0…1. If the map is signed, it is the positive part.
    /// </summary>
    public SaliencyMap Map { get; }

    /// <summary>
    /// The boxes around objects of the class, in pixels of the original picture. Empty if they are unknown.
    /// </summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];

    /// <summary>
    /// The pixels that alone determine the class, as a map of the original picture's size, with values above 0 on these
    /// pixels. Null if the answer is unknown.
    /// </summary>
    public SaliencyMap? Answer { get; init; }

    /// <summary>Explains a picture and creates a case from the result.</summary>
    /// <inheritdoc cref="Explainer.Explain(PreparedImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public static EvaluationCase Explain(
        Explainer explainer, PreparedImage image, Target? target = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return new(explainer, image, explainer.Explain(image, target, cancellationToken: cancellationToken));
    }

    /// <summary>The picture in the network's layout.</summary>
    internal NetworkInput Input => _input;

    /// <summary>Returns Y: the probability of the class on the unmasked picture, 0…1.</summary>
    internal double Probability(CancellationToken cancellationToken) => _whole ??= WholePicture(cancellationToken);

    /// <summary>
    /// Returns O: the probability of the class on the picture masked by the map, 0…1. Optionally, the lower half of the
    /// map's pixels is set to zero first.
    /// </summary>
    internal double MaskedProbability(bool mutesLowerHalf, CancellationToken cancellationToken) => mutesLowerHalf
        ? _mutedMasked ??= MaskedProbability(LowerHalfMuted(Map), cancellationToken)
        : _masked ??= MaskedProbability(Map.Values.ToArray(), cancellationToken);

    /// <summary>(ρ + 1) / 2 for the map and the map of the picture masked by it, 0…1.</summary>
    internal double Coherency(CancellationToken cancellationToken)
    {
        if (_coherency is { } known)
            return known;
        var masked = new float[Image.Tensor.Length];
        for (int start = 0; start < masked.Length; start += Map.Values.Length)
        {
            ReadOnlySpan<float> channel = Image.Tensor.Slice(start, Map.Values.Length);
            TensorPrimitives.Multiply(channel, Map.Values, masked.AsSpan(start));
        }
        PreparedImage again = PreparedImage.FromTensor(masked, Image.Channels, Image.Height, Image.Width);
        EvaluationCase second = Explain(Explainer, again, _target, cancellationToken);
        _coherency = (MapSimilarity.Pearson(second.Map, Map) + 1) / 2;
        return _coherency.Value;
    }

    /// <summary>Returns the pixels, ordered from the largest value of the map to the smallest.</summary>
    internal PixelOrder Order(int seed)
    {
        if (!_orders.TryGetValue(seed, out PixelOrder? order))
            _orders.Add(seed, order = new PixelOrder(Map.Values, seed));
        return order;
    }

    /// <summary>
    /// Returns the boxes in the coordinates of the network's input, without boxes that were cropped away.
    /// </summary>
    internal IReadOnlyList<Box> BoxesOnInput() =>
        [.. Boxes.Select(box => box.OnInput(Image.Mapping)).Where(box => box.Area > 0)];

    /// <summary>Returns, for each pixel of the input, whether it is in any box.</summary>
    internal bool[] InBoxes()
    {
        if (_inBoxes is not null)
            return _inBoxes;
        IReadOnlyList<Box> boxes = BoxesOnInput();
        _inBoxes = new bool[Image.Height * Image.Width];
        for (int i = 0; i < _inBoxes.Length; i++)
            _inBoxes[i] = boxes.Any(box => box.Covers(i / Image.Width, i % Image.Width));
        return _inBoxes;
    }

    /// <summary>
    /// Returns, for each pixel of the input, whether its centre is on the answer; null if no part of the answer is on
    /// the input.
    /// </summary>
    /// <exception cref="ArgumentException">The answer and the picture differ in size.</exception>
    internal bool[]? AnswerOnInput()
    {
        if (Answer is not { } answer)
            return null;
        PictureMapping mapping = Image.Mapping;
        if ((answer.Width, answer.Height) != (mapping.PictureWidth, mapping.PictureHeight))
            throw new ArgumentException(
                $"The answer has {answer.Width} × {answer.Height} pixels and the picture "
                + $"{mapping.PictureWidth} × {mapping.PictureHeight}; they must be equal.");
        bool[] onInput = new bool[Image.Height * Image.Width];
        for (int i = 0; i < onInput.Length; i++)
        {
            int x = (int)Math.Floor(((i % Image.Width) + 0.5 - mapping.OffsetX) / mapping.ScaleX);
            int y = (int)Math.Floor(((i / Image.Width) + 0.5 - mapping.OffsetY) / mapping.ScaleY);
            bool isInPicture = x >= 0 && x < answer.Width && y >= 0 && y < answer.Height;
            onInput[i] = isInPicture && answer[y, x] > 0;
        }
        return Array.IndexOf(onInput, true) < 0 ? null : onInput;
    }

    /// <summary>Computes a result once, and stores it.</summary>
    internal MetricResult Once(string key, Func<MetricResult> compute)
    {
        if (!_results.TryGetValue(key, out MetricResult? result))
            _results.Add(key, result = compute());
        return result;
    }

    /// <summary>Returns the probabilities of the class on any number of pictures, 0…1.</summary>
    internal float[] Probabilities(int pictures, BufferWriter write, CancellationToken cancellationToken)
    {
        ImageModel model = Explainer.Model;
        using ModelLifetime.Scope use = model.Use();
        using var run = new RunContext(null, cancellationToken);
        var scorer = new TargetScorer(
            model.Network.Pool, Image.Height, Image.Width, model.Network.Head, [_target], probabilities: true);
        return scorer.Score(pictures, write, run)[0];
    }

    private double WholePicture(CancellationToken cancellationToken)
    {
        ImageModel model = Explainer.Model;
        using ModelLifetime.Scope use = model.Use();
        using var run = new RunContext(null, cancellationToken);
        float[] values = model.Network.Score(_input, run);
        return model.Network.Head.Predict(values, model.Classes).Probabilities[ClassIndex];
    }

    private double MaskedProbability(float[] mask, CancellationToken cancellationToken) =>
        Probabilities(1, (_, picture, _) => _input.WriteMasked(mask, picture), cancellationToken)[0];

    private static int RequireClass(Explanation explanation, int classes)
    {
        if (explanation.ClassIndex is not { } index)
            throw new ArgumentException(
                "Metrics are about the probability of a class, but the explanation is about "
                + $"'{explanation.TargetName}'. Explain Target.Predicted or Target.Class(…).",
                nameof(explanation));
        if ((uint)index >= (uint)classes)
            throw new ArgumentException(
                $"The explanation is about class {index}, and the model has {classes} classes, 0 to {classes - 1}. "
                + "Use an explanation of this model.",
                nameof(explanation));
        return index;
    }

    private static SaliencyMap PositivePart(SaliencyMap map)
    {
        float[] values = map.Values.ToArray();
        TensorPrimitives.Max(values, 0, values);
        return new(map.Width, map.Height, values);
    }

    // Sets every pixel below the median to zero. If all values differ, this is half of them.
    private static float[] LowerHalfMuted(SaliencyMap map)
    {
        float[] sorted = map.Values.ToArray();
        Array.Sort(sorted);
        float median = sorted[sorted.Length / 2];
        return [.. map.Values.ToArray().Select(value => value < median ? 0 : value)];
    }
}
