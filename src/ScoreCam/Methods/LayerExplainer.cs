using System.Diagnostics;
using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods;

/// <summary>What the methods of this namespace share: one forward pass, a raw map per target, and how it is normalised.</summary>
public abstract class LayerExplainer : Explainer
{
    private protected LayerExplainer(ImageModel model)
        : base(model)
    {
    }

    /// <summary>The layer whose activations the method reads; null where it reads none.</summary>
    private protected virtual string? Layer => null;

    /// <summary>Whether negative values, which speak against the target, are set to zero before the map is normalised.</summary>
    private protected virtual bool Rectifies => true;

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
    {
        using ModelLifetime.Scope use = Model.Use();
        using var run = new RunContext(progress, cancellationToken);
        var elapsed = Stopwatch.StartNew();
        NetworkInput input = Model.ToNetworkInput(image);
        ForwardPass? pass = Layer is null ? null : Model.Network.Forward(input, Layer, run);
        (ScoreHead head, float[] values) = pass is null ? Model.Network.Score(input, run) : (pass.Head, pass.Values);
        Prediction prediction = head.Predict(values, Model.Classes);
        Target[] resolved = Resolve(targets, prediction);

        IReadOnlyList<SaliencyMap> raw = RawMaps(new MethodRun(image, input, head, prediction, resolved, run, pass));
        return [.. resolved.Select((target, t) =>
        {
            MapNormalizer.ThrowIfUnusable(raw[t], $"The map of {Name}");
            SaliencyMap map = Normalize(raw[t], image.Height, image.Width, out bool isFlat);
            int? index = target.ClassIndex;
            return new Explanation
            {
                Method = Name,
                TargetName = target.Name,
                ClassIndex = index,
                Logit = index is { } i ? prediction.Logits[i] : null,
                Probability = index is { } j ? prediction.ProbabilityOf(j) : null,
                Map = map,
                RawMap = raw[t],
                Picture = image.Picture,
                Mapping = image.Mapping,
                Warnings = [.. ModelWarnings(image), .. isFlat ? new[] { "The map is equal everywhere, so it is returned as all zeros: no region speaks for this target." } : []],
                Elapsed = elapsed.Elapsed,
                ModelSha256 = Model.Sha256,
            };
        })];
    }

    /// <summary>The method itself: one raw map per target.</summary>
    private protected abstract IReadOnlyList<SaliencyMap> RawMaps(MethodRun run);

    /// <summary>The raw map at the input's size, 0…1: rectified where the method does, upsampled, min–max normalised.</summary>
    private protected virtual SaliencyMap Normalize(SaliencyMap raw, int height, int width, out bool isFlat)
    {
        if (!Rectifies)
        {
            // The ReLU changes nothing where nothing is negative, and min–max takes the shift back.
            float[] lifted = raw.Values.ToArray();
            TensorPrimitives.Subtract(lifted, TensorPrimitives.Min<float>(lifted), lifted);
            raw = new(raw.Width, raw.Height, lifted);
        }
        return new MapNormalizer(MapRule.UpsampleThenMinMax, signed: false, height, width).Normalize(raw, out isFlat);
    }

    /// <summary>The tensor of a layer option: the default layer where it is null.</summary>
    private protected static string LayerOf(ImageModel model, string? layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        return layer is null ? model.DefaultLayer.Name : model.Network.Layers.Find(layer);
    }
}

/// <summary>One call of a method: the picture, what the network says about it, and the targets.</summary>
internal sealed record MethodRun(
    PreparedImage Image, NetworkInput Input, ScoreHead Head, Prediction Prediction, IReadOnlyList<Target> Targets, RunContext Run, ForwardPass? Pass)
{
    /// <summary>The activations of the method's layer.</summary>
    public ActivationMaps Maps => Pass!.Maps;

    /// <summary>The same map for every target.</summary>
    public IReadOnlyList<SaliencyMap> ForAll(SaliencyMap map) => [.. Targets.Select(_ => map)];
}
