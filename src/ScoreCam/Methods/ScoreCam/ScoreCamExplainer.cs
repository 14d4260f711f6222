using System.Diagnostics;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Score-CAM (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPRW 2020).
/// </summary>
public sealed class ScoreCamExplainer : Explainer
{
    private readonly ScoreCamOptions _options;
    private readonly PresetRules _rules;
    private readonly IReadOnlyList<string> _layers;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">An option is not valid, or the model has no such layer; the message suggests near ones.</exception>
    public ScoreCamExplainer(ImageModel model, ScoreCamOptions? options = null)
        : base(model)
    {
        _options = options ?? new();
        _rules = PresetRules.Of(_options.Preset) with { TwoSided = _options.TwoSided };
        ArgumentNullException.ThrowIfNull(_options.Layers);
        ArgumentNullException.ThrowIfNull(_options.MaskFill);
        ArgumentNullException.ThrowIfNull(_options.Sampling);
        _layers = _options.Layers.Count == 0 ? [model.DefaultLayer.Name] : [.. _options.Layers.Select(model.Network.Layers.Find)];
    }

    /// <inheritdoc/>
    public override string Name => $"Score-CAM ({_options.Preset}{(_options.TwoSided ? ", two-sided" : "")})";

    /// <summary>The mask M_k that one channel of the (first) layer gives on a picture: what <see cref="ImageModel.Mask"/> shows the network.</summary>
    /// <param name="image">The picture, prepared.</param>
    /// <param name="channel">0 … K − 1.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>0…1 (with the preset Score-CAM++ −1…1), of the input's size; all zeros for a dead channel.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such channel.</exception>
    public SaliencyMap ChannelMask(PreparedImage image, int channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using ModelLifetime.Scope use = Model.Use();
        using var run = new RunContext(null, cancellationToken);
        ForwardPass pass = Model.Network.Forward(Model.ToNetworkInput(image), _layers[0], run);
        if ((uint)channel >= (uint)pass.Maps.Channels)
            throw new ArgumentOutOfRangeException(nameof(channel), channel, $"The layer '{pass.Layer.Name}' has the channels 0 to {pass.Maps.Channels - 1}.");
        var masks = new MaskGenerator(pass.Maps, _rules.Mask, image.Height, image.Width);
        var mask = new float[image.Height * image.Width];
        if (!masks.IsZero(channel))
            masks.Generate(channel, new float[masks.ScratchLength], mask);
        return new(image.Width, image.Height, mask);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
    {
        using ModelLifetime.Scope use = Model.Use();
        using var run = new RunContext(progress, cancellationToken);
        var elapsed = Stopwatch.StartNew();
        NetworkInput input = Model.ToNetworkInput(image, _options.MaskFill);
        NetworkInput? mirrored = _options.FlipAveraging ? Model.ToNetworkInput(image.Mirrored(), _options.MaskFill) : null;
        var normalizer = new MapNormalizer(_rules.Map, _options.Signed, input.Height, input.Width);

        // Step 1: one forward pass per layer gives its activations; the first one also gives the scores of the whole picture.
        ForwardPass first = Model.Network.Forward(input, _layers[0], run);
        Prediction prediction = first.Head.Predict(first.Values, Model.Classes);
        Target[] resolved = Resolve(targets, prediction);

        var evidence = new List<LayerEvidence[]>(_layers.Count);
        int sweepsLeft = _layers.Count * (mirrored is null ? 1 : 2);
        for (int i = 0; i < _layers.Count; i++)
        {
            var layerTime = i == 0 ? elapsed : Stopwatch.StartNew();
            LayerSweep sweep = Score(input, i == 0 ? first : Model.Network.Forward(input, _layers[i], run));
            LayerSweep? mirrorSweep = mirrored is null ? null : Score(mirrored, Model.Network.Forward(mirrored, _layers[i], run));
            evidence.Add(ExplainLayer(sweep, mirrorSweep, resolved.Length, normalizer, layerTime, cancellationToken));
        }
        return [.. resolved.Select((target, t) => Assemble(image, target, prediction, first.Head, [.. evidence.Select(layer => layer[t])], normalizer, elapsed.Elapsed))];

        // Steps 2 and 3, for all targets at once.
        LayerSweep Score(NetworkInput view, ForwardPass pass)
        {
            var scorer = new MaskedScorer(Model.Network, view, first.Head, resolved, _rules);
            var masks = new MaskGenerator(pass.Maps, _rules.Mask, view.Height, view.Width);
            var sweep = new Sweep(pass.Maps, masks, _rules, resolved.Length)
            {
                WholePicture = scorer.Scores(pass.Values),
                Signed = _options.Signed,
                Elapsed = elapsed,
                SweepsLeft = sweepsLeft--,
            };
            return new(pass, scorer.Score(sweep, _options.Sampling.Begin(sweep), run), _rules, view);
        }
    }

    private Explanation Assemble(
        PreparedImage image, Target target, Prediction prediction, ScoreHead head, LayerEvidence[] layers, MapNormalizer normalizer, TimeSpan elapsed)
    {
        bool meanIsFlat = false;
        (SaliencyMap map, SaliencyMap raw) = layers.Length == 1 ? (layers[0].Map, layers[0].RawMap) : normalizer.Mean([.. layers.Select(layer => layer.Map)], out meanIsFlat);
        int? index = target.ClassIndex;
        return new()
        {
            Method = Name,
            TargetName = target.Name,
            ClassIndex = index,
            Logit = index is { } i ? prediction.Logits[i] : null,
            Probability = index is { } j ? prediction.ProbabilityOf(j) : null,
            IsSigned = _options.Signed,
            Map = map,
            RawMap = raw,
            Picture = image.Picture,
            Mapping = image.Mapping,
            Warnings =
            [
                .. ModelWarnings(image),
                .. layers.SelectMany(layer => layer.Warnings),
                .. meanIsFlat ? ["The mean of the layers' maps is equal everywhere, so it is returned as all zeros."] : Array.Empty<string>(),
            ],
            Elapsed = elapsed,
            ModelSha256 = Model.Sha256,
            Layers = layers,
            Passes = layers.Sum(layer => layer.Passes),
        };
    }

    /// <summary>Steps 4 and 5, once per target, from one sweep (steps 2 and 3), or from one each of the picture and its mirror image.</summary>
    private LayerEvidence[] ExplainLayer(LayerSweep sweep, LayerSweep? mirrored, int targets, MapNormalizer normalizer, Stopwatch elapsed, CancellationToken cancellationToken)
    {
        ForwardPass pass = sweep.Pass;
        return [.. Enumerable.Range(0, targets).Select(t =>
        {
            float[] weights = sweep.Weights(t);
            SaliencyMap raw = sweep.RawMap(weights, cancellationToken);
            if (mirrored is not null)
                raw = LayerSweep.FlipMean(raw, mirrored.RawMap(mirrored.Weights(t), cancellationToken));
            MapNormalizer.ThrowIfUnusable(raw, $"The weighted sum of the activation maps of layer '{pass.Layer.Name}'");
            SaliencyMap map = normalizer.Normalize(raw, out bool isFlat);
            return new LayerEvidence
            {
                Layer = pass.Layer,
                Map = map,
                RawMap = raw,
                ChannelScores = sweep.Table[t],
                ChannelWeights = weights,
                DeadChannels = pass.Maps.DeadChannels,
                PredictedChannels = sweep.Table.PredictedChannels,
                EstimatedError = LayerSweep.LargestError(sweep, mirrored, t),
                Passes = sweep.Table.Passes + (mirrored?.Table.Passes ?? 0),
                Elapsed = elapsed.Elapsed,
                Warnings = [.. isFlat ? [FlatMap(pass, _options.Signed)] : Faint(pass, raw, map)],
            };
        })];
    }

    /// <summary>What a map looks like does not say that it was made of next to nothing.</summary>
    private static IEnumerable<string> Faint(ForwardPass pass, SaliencyMap raw, SaliencyMap map)
    {
        float sum = Statistics.LargestMagnitude(raw.Values), most = Statistics.LargestMagnitude(map.Values);
        if (sum < Statistics.SmallestPrecise)
            yield return $"The weighted sum of the activation maps of layer '{pass.Layer.Name}' is at most {sum}, of which single precision keeps few digits: the map is coarse.";
        if (most < 0.5f)
            yield return $"The map of layer '{pass.Layer.Name}' is at most {most:g2}, not 1: the activations are so small that this preset's guard against a division by zero outweighs them. The preset Paper has none.";
    }

    private static string FlatMap(ForwardPass pass, bool signed) => pass.Maps.DeadChannels == pass.Maps.Channels
        ? $"Every activation map of layer '{pass.Layer.Name}' is constant, so the map is blank. Check the preprocessing, or choose another layer."
        : $"The map of layer '{pass.Layer.Name}' is equal everywhere{(signed ? "" : " after the ReLU")}, so it is returned as all zeros: no region speaks for this target.";
}
