using System.Diagnostics;
using ScoreCam.Imaging;
using ScoreCam.Onnx;
using ScoreCam.Pipeline;

namespace ScoreCam;

/// <summary>
/// Score-CAM (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPRW 2020). Its explanations are
/// <see cref="ScoreCamExplanation"/>s.
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
        _rules = PresetRules.Of(_options.Preset);
        ArgumentNullException.ThrowIfNull(_options.Layers);
        _layers = _options.Layers.Count == 0 ? [model.DefaultLayer.Name] : [.. _options.Layers.Select(model.Network.Layers.Find)];
    }

    /// <inheritdoc/>
    public override string Name => $"Score-CAM ({_options.Preset})";

    /// <inheritdoc/>
    protected override IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
    {
        using ModelLifetime.Scope use = Model.Use();
        using var run = new RunContext(progress, cancellationToken);
        var elapsed = Stopwatch.StartNew();
        NetworkInput input = Model.ToNetworkInput(image);

        // Step 1: one forward pass per layer gives its activations; the first one also gives the scores of the whole picture.
        ForwardPass first = Model.Network.Forward(input, _layers[0], run);
        Prediction prediction = first.Head.Predict(first.Values, Model.Classes);
        Target[] resolved = [.. targets.Select(target => target.Resolve(prediction))];
        var scorer = new MaskedScorer(Model.Network, input, first.Head, resolved, _rules);

        var evidence = new List<LayerEvidence[]>(_layers.Count);
        for (int i = 0; i < _layers.Count; i++)
        {
            var layerTime = i == 0 ? elapsed : Stopwatch.StartNew();
            ForwardPass pass = i == 0 ? first : Model.Network.Forward(input, _layers[i], run);
            evidence.Add(ExplainLayer(pass, scorer.Score(pass.Maps, run), input, resolved, layerTime));
        }
        return [.. resolved.Select((target, t) => Assemble(image, target, prediction, first.Head, [.. evidence.Select(layer => layer[t])], elapsed.Elapsed))];
    }

    private ScoreCamExplanation Assemble(
        PreparedImage image, Target target, Prediction prediction, ScoreHead head, LayerEvidence[] layers, TimeSpan elapsed)
    {
        (SaliencyMap map, SaliencyMap raw) = layers.Length == 1 ? (layers[0].Map, layers[0].RawMap) : MapMean.Of(layers, image.Height, image.Width);
        int? index = target.ClassIndex;
        return new()
        {
            Method = Name,
            TargetName = target.Name,
            ClassIndex = index,
            Logit = index is { } i ? prediction.Logits[i] : null,
            Probability = index is { } j ? prediction.Probabilities[j] : null,
            Map = map,
            RawMap = raw,
            Picture = image.Picture,
            Mapping = image.Mapping,
            Warnings = [.. ModelWarnings(image, head), .. layers.SelectMany(layer => layer.Warnings)],
            Elapsed = elapsed,
            ModelSha256 = Model.Sha256,
            Preset = _options.Preset,
            Layers = layers,
        };
    }

    /// <summary>Steps 4 and 5, once per target, from the scores of one sweep (steps 2 and 3).</summary>
    private LayerEvidence[] ExplainLayer(ForwardPass pass, ScoreTable table, NetworkInput input, Target[] targets, Stopwatch elapsed)
    {
        var saliency = new SaliencySum(pass.Maps, _rules, input.Height, input.Width);
        return [.. targets.Select((_, t) =>
        {
            float[] weights = ChannelWeights.Compute(_rules.Weights, table[t], table.Baseline[t]);
            SaliencyMap raw = saliency.Raw(weights);
            SaliencyMap map = saliency.Normalize(raw, out bool isFlat);
            return new LayerEvidence
            {
                Layer = pass.Layer,
                Map = map,
                RawMap = raw,
                ChannelScores = table[t],
                ChannelWeights = weights,
                DeadChannels = pass.Maps.DeadChannels,
                Passes = table.Passes,
                Elapsed = elapsed.Elapsed,
                Warnings = isFlat ? [FlatMap(pass)] : [],
            };
        })];
    }

    private static string FlatMap(ForwardPass pass) => pass.Maps.DeadChannels == pass.Maps.Channels
        ? $"Every activation map of layer '{pass.Layer.Name}' is constant, so the map is blank. Check the preprocessing, or choose another layer."
        : $"The map of layer '{pass.Layer.Name}' is equal everywhere after the ReLU, so it is returned as all zeros: no region speaks for this target.";
}
