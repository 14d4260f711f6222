using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Score-CAM (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPRW
/// 2020).
/// </summary>
public sealed class ScoreCamExplainer : LayerExplainer
{
    private readonly ScoreCamOptions _options;
    private readonly PresetRules _rules;

    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">
    /// An option is not valid, or a requested layer is not in the model. The message suggests similar names.
    /// </exception>
    public ScoreCamExplainer(ImageModel model, ScoreCamOptions? options = null)
        : base(model, options)
    {
        _options = options ?? new();
        ArgumentNullException.ThrowIfNull(_options.MaskFill);
        ArgumentNullException.ThrowIfNull(_options.Sampling);
        ArgumentNullException.ThrowIfNull(_options.Averaging);
        _rules = PresetRules.Of(_options.Preset) with
        {
            TwoSided = _options.TwoSided,
            Averaging = _options.Averaging,
        };
        if (_options.Sampling is AdaptiveSampling { MaxPasses: { } most } && most < _rules.PassesPerScore)
            throw new ArgumentException(
                $"Adaptive sampling may run {most} passes, and one channel takes {_rules.PassesPerScore} with "
                + $"{nameof(ScoreCamOptions.TwoSided)} and {nameof(ScoreCamOptions.Averaging)}. Allow more passes.");
        string twoSided = _options.TwoSided ? ", two-sided" : "";
        string averaging = _options.Averaging == MaskAveraging.None ? "" : $", {_options.Averaging}";
        Name = $"Score-CAM ({_options.Preset}{twoSided}{averaging})";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    protected override MaskFill MaskFill => _options.MaskFill;

    private protected override MapRule MapRule => _rules.Map;

    /// <summary>Runs algorithm 1 of the paper for all targets at once.</summary>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        // Step 1: the activation maps A_k of the layer, from one forward pass of the picture X.
        ActivationMaps activations = layer.Activations;

        // Step 2: the masks M_k, the activation maps at the input's size, normalised.
        var masks = new Masks(activations, _rules.Mask, layer.Height, layer.Width);

        // Step 3: the scores S_k of every target on the masked pictures X ⊙ M_k, and S_b on the baseline X_b.
        ChannelScores scores = new MaskedScorer(layer, masks, _rules).Score(_options.Sampling, _options.Signed);

        var saliency = new Saliency(activations, _rules.Sum, layer.Height, layer.Width);
        return layer.ForEachTarget(t =>
        {
            // Step 4: the channel weights α_k.
            float[] weights = ChannelWeights.Compute(_rules.Weights, scores.Channels[t], scores.Baseline[t]);

            // Step 5: the saliency map L = ReLU(Σ α_k A_k). Every method shares the ReLU and the normalisation.
            SaliencyMap sum = saliency.Sum(weights, layer.CancellationToken);

            return new RawMap(sum)
            {
                ChannelScores = scores.Channels[t],
                ChannelWeights = weights,
                PredictedChannels = scores.Predicted,
                EstimatedError = scores.EstimatedErrors[t],
            };
        });
    }

    /// <summary>
    /// Returns the mask M_k of one channel of the first layer on a picture. Pass it to <see cref="ImageModel.Mask"/> to
    /// get the masked picture that the network sees. With <see cref="ScoreCamOptions.Averaging"/>, it is the mask
    /// before it is varied.
    /// </summary>
    /// <param name="image">The prepared picture.</param>
    /// <param name="channel">The channel, 0 … K − 1.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <returns>
    /// A mask of the input's size, 0…1, or −1…1 with the preset Score-CAM++. It is all zeros for a dead channel.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The layer does not have this channel.</exception>
    public SaliencyMap ChannelMask(PreparedImage image, int channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using ModelLifetime.Scope use = Model.Use();
        using var run = new RunContext(null, cancellationToken);
        ForwardPass pass = Model.Network.Forward(Model.ToNetworkInput(image), LayerTensors[0], run);
        if ((uint)channel >= (uint)pass.Maps.Channels)
            throw new ArgumentOutOfRangeException(
                nameof(channel),
                channel,
                $"The layer '{pass.Layer.Name}' has the channels 0 to {pass.Maps.Channels - 1}.");
        var masks = new Masks(pass.Maps, _rules.Mask, image.Height, image.Width);
        var mask = new float[image.Height * image.Width];
        if (!masks.IsZero(channel))
            masks.Generate(channel, new float[masks.ScratchLength], mask);
        return new(image.Width, image.Height, mask);
    }
}
