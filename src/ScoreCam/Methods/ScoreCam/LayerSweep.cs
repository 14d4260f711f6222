using System.Numerics.Tensors;
using ScoreCam.Execution;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>One picture, swept with the masks of one layer: steps 1 to 3, from which steps 4 and 5 follow for every target.</summary>
internal sealed class LayerSweep(ForwardPass pass, ScoreTable table, PresetRules rules, NetworkInput input)
{
    private readonly SaliencySum _saliency = new(pass.Maps, rules, input.Height, input.Width);

    public ForwardPass Pass => pass;

    public ScoreTable Table => table;

    /// <summary>Step 4: α_k of a target.</summary>
    public float[] Weights(int target) => ChannelWeights.Compute(rules.Weights, table[target], table.Baseline[target]);

    /// <summary>Step 5 before ReLU and normalisation.</summary>
    public SaliencyMap RawMap(ReadOnlySpan<float> weights, CancellationToken cancellationToken) => _saliency.Raw(weights, cancellationToken);

    /// <summary>The larger of the errors that are estimated for the picture's map and its mirror image's; null where one is not known.</summary>
    public static float? LargestError(LayerSweep sweep, LayerSweep? ofMirrorImage, int target)
    {
        float? error = sweep.Table.EstimatedErrors[target];
        return ofMirrorImage is null || error is null ? error
            : ofMirrorImage.Table.EstimatedErrors[target] is { } other ? Math.Max(error.Value, other) : null;
    }

    /// <summary>The mean of a raw map of the picture and one of its mirror image, which is mirrored back.</summary>
    public static SaliencyMap FlipMean(SaliencyMap raw, SaliencyMap ofMirrorImage)
    {
        float[] mean = new float[raw.Values.Length];
        TensorPrimitives.Add(raw.Values, ofMirrorImage.Mirrored().Values, mean);
        TensorPrimitives.Multiply(mean, 0.5f, mean);
        return new(raw.Width, raw.Height, mean);
    }
}
