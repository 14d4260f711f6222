using System.Diagnostics;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods;

/// <summary>
/// The shared part of every method: the forward pass, targets, several layers, the mask fill, flip averaging, signed
/// maps, normalisation, warnings, evidence and timing. To write a method, derive from <see cref="LayerExplainer"/>,
/// <see cref="MaskExplainer"/> or <see cref="InputExplainer"/>.
/// </summary>
public abstract class MethodExplainer : Explainer
{
    private readonly MethodOptions _options;

    private protected MethodExplainer(ImageModel model, MethodOptions options)
        : base(model) => _options = options;

    /// <summary>The value of masked-out pixels. The default is zero in the network's input.</summary>
    protected virtual MaskFill MaskFill => MaskFill.Zero;

    /// <summary>
    /// Whether a ReLU sets negative values of the raw map to zero before normalisation. The ReLU is skipped if maps are
    /// signed. The default is true. If it is false, the smallest value of the map becomes 0.
    /// </summary>
    protected virtual bool Rectifies => true;

    /// <summary>How the rectified raw map is normalised.</summary>
    private protected virtual MapRule MapRule => MapRule.UpsampleThenMinMax;

    /// <summary>The tensors of the layers to explain. Empty for methods that read no layer.</summary>
    private protected virtual IReadOnlyList<string> LayerTensors => [];

    private protected virtual LayerCombination Combination => LayerCombination.Mean;

    /// <summary>Runs the method and returns one raw map per target.</summary>
    private protected abstract IReadOnlyList<RawMap> RawMaps(MethodContext context);

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress,
        CancellationToken cancellationToken)
    {
        using ModelLifetime.Scope use = Model.Use();
        using var run = new RunContext(progress, cancellationToken);
        var elapsed = Stopwatch.StartNew();
        View upright = ViewOf(image);
        View? mirrored = _options.FlipAveraging ? ViewOf(image.Mirrored()) : null;
        string?[] layers = LayerTensors is [] ? [null] : [.. LayerTensors];

        // The first pass gives the prediction and the activations of the first layer.
        ForwardPass? first = PassOf(upright, layers[0]);
        float[] values = first?.Values ?? Model.Network.Score(upright.Input, run);
        Prediction prediction = Model.Network.Head.Predict(values, Model.Classes);
        var call = new MethodCall(Model, run, elapsed, values, prediction, Resolve(targets, prediction));

        var results = new List<LayerResult>(layers.Length);
        int sweepsLeft = layers.Length * (mirrored is null ? 1 : 2);
        foreach (string? layer in layers)
        {
            var time = results.Count == 0 ? elapsed : Stopwatch.StartNew();
            (int passes, int gradients) = (run.Passes, run.GradientPasses);
            ForwardPass? pass = results.Count == 0 ? first : PassOf(upright, layer);
            IReadOnlyList<RawMap> maps = MapsOf(upright, pass);
            if (mirrored is not null)
                maps = [.. maps.Zip(MapsOf(mirrored, PassOf(mirrored, layer)), RawMap.FlipMean)];
            results.Add(new(pass, maps, run.Passes - passes, run.GradientPasses - gradients, time.Elapsed));
        }
        var normalizer = new MapNormalizer(MapRule, _options.Signed, image.Height, image.Width, Rectifies);
        string[] warnings = [.. ModelWarnings(image)];
        var assembly = new ExplanationAssembly(this, call, image, normalizer, Combination, warnings);
        return [.. call.Targets.Select((_, t) => assembly.Explain(results, t))];

        View ViewOf(PreparedImage prepared) => new(prepared, Model.ToNetworkInput(prepared, MaskFill));

        ForwardPass? PassOf(View view, string? layer) =>
            layer is null ? null : Model.Network.Forward(view.Input, layer, run);

        IReadOnlyList<RawMap> MapsOf(View view, ForwardPass? pass)
        {
            MethodContext context = pass is null
                ? new MethodContext(call, view, sweepsLeft--)
                : new LayerContext(call, view, sweepsLeft--, pass);
            IReadOnlyList<RawMap> maps = RawMaps(context);
            if (maps?.Count == call.Targets.Length && !maps.Contains(null))
                return maps;
            throw new ScoreCamException(
                $"The method '{Name}' must give one map for each of {call.Targets.Length} targets; it gave "
                + $"{maps?.Count(map => map is not null) ?? 0}.");
        }
    }
}
