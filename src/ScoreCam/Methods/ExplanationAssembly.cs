using System.Globalization;
using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Methods;

/// <summary>
/// The result of a method for one layer, or for the picture if the method reads no layer, and its cost.
/// </summary>
/// <param name="Pass">The layer and its activations; null if the method reads no layer.</param>
/// <param name="Maps">One raw map per target.</param>
/// <param name="Passes">See <see cref="LayerEvidence.Passes"/>.</param>
/// <param name="GradientPasses">See <see cref="LayerEvidence.GradientPasses"/>.</param>
/// <param name="Elapsed">The time spent on this result.</param>
internal sealed record LayerResult(
    ForwardPass? Pass, IReadOnlyList<RawMap> Maps, int Passes, int GradientPasses, TimeSpan Elapsed);

/// <summary>
/// The last step of every method: it turns the raw maps of a target into an explanation, with evidence and warnings.
/// </summary>
internal sealed class ExplanationAssembly(
    MethodExplainer explainer,
    MethodCall call,
    PreparedImage image,
    MapNormalizer normalizer,
    LayerCombination combination,
    IReadOnlyList<string> modelWarnings)
{
    /// <summary>A map with a larger estimated error gets a warning.</summary>
    private const float UncertainError = 0.25f;

    /// <summary>With fewer passes, the estimated error itself is unreliable.</summary>
    private const int FewPasses = 8;

    /// <summary>Returns the explanation of one target.</summary>
    /// <exception cref="ScoreCamException">A map contains values that cannot be normalised.</exception>
    public Explanation Explain(IReadOnlyList<LayerResult> results, int target)
    {
        Target explained = call.Targets[target];
        Finished[] finished = [.. results.Select(result => Finish(result, result.Maps[target]))];
        (SaliencyMap map, SaliencyMap raw) = (finished[0].Map, finished[0].Raw.Map);
        List<string> warnings = [.. modelWarnings, .. finished.SelectMany(one => one.Warnings)];
        if (finished.Length > 1)
        {
            SaliencyMap[] maps = [.. finished.Select(one => one.Map)];
            (map, raw) = normalizer.Combine(maps, combination, out bool isFlat);
            if (isFlat)
                warnings.Add(
                    $"{combination} of the layers' maps: it is equal everywhere, so it is returned as all zeros.");
        }

        int? index = explained.ClassIndex;
        return new Explanation
        {
            Method = explainer.Name,
            TargetName = explained.Name,
            ClassIndex = index,
            Logit = index is { } i ? call.Prediction.Logits[i] : null,
            Probability = index is { } j ? call.Prediction.ProbabilityOf(j) : null,
            IsSigned = normalizer.IsSigned,
            Map = map,
            RawMap = raw,
            Layers = [.. finished.Where(one => one.Result.Pass is not null).Select(Evidence)],
            Combination = combination,
            Passes = results.Sum(result => result.Passes),
            GradientPasses = results.Sum(result => result.GradientPasses),
            CompletenessError = finished.Max(one => one.Raw.CompletenessError),
            Losses = finished[0].Raw.Losses,
            Picture = image.Picture,
            Mapping = image.Mapping,
            Warnings = warnings,
            Elapsed = call.Elapsed.Elapsed,
            ModelSha256 = call.Model.Sha256,
        };
    }

    private Finished Finish(LayerResult result, RawMap raw)
    {
        string what = $"The map of {explainer.Name}";
        if (result.Pass is { } pass)
            what = raw.ChannelWeights.Count == 0
                ? $"{what} for layer '{pass.Layer.Name}'"
                : $"{what}, the weighted sum of the activation maps of layer '{pass.Layer.Name}',";
        MapNormalizer.ThrowIfUnusable(raw.Map, what);
        SaliencyMap map = normalizer.Normalize(raw.Map, out bool isFlat);
        return new(result, raw, map, [.. raw.Warnings, .. Warnings(what, result, raw, map, isFlat)]);
    }

    private static LayerEvidence Evidence(Finished finished) => new()
    {
        Layer = finished.Result.Pass!.Layer,
        Map = finished.Map,
        RawMap = finished.Raw.Map,
        ChannelScores = finished.Raw.ChannelScores,
        ChannelWeights = finished.Raw.ChannelWeights,
        DeadChannels = finished.Result.Pass.Maps.DeadChannels,
        PredictedChannels = finished.Raw.PredictedChannels,
        EstimatedError = finished.Raw.EstimatedError,
        Passes = finished.Result.Passes,
        GradientPasses = finished.Result.GradientPasses,
        Elapsed = finished.Result.Elapsed,
        Warnings = finished.Warnings,
    };

    /// <summary>
    /// Returns warnings about a map that rests on little evidence, which the map itself does not show.
    /// </summary>
    private IEnumerable<string> Warnings(string what, LayerResult result, RawMap raw, SaliencyMap map, bool isFlat)
    {
        int predicted = raw.PredictedChannels.Count;
        if (predicted > 0 && (result.Passes < FewPasses || raw.EstimatedError > UncertainError))
        {
            string error = raw.EstimatedError?.ToString("0.00", CultureInfo.InvariantCulture) ?? "an unknown amount";
            yield return $"{what} rests on little evidence: {result.Passes} passes were made, and {predicted} of "
                + $"{raw.ChannelScores.Count} channels are predicted. Its values may be off by {error}. Allow more "
                + "passes or more time.";
        }

        float sum = Statistics.LargestMagnitude(raw.Map.Values), most = Statistics.LargestMagnitude(map.Values);
        if (isFlat && result.Pass is { } pass && pass.Maps.DeadChannels == pass.Maps.Channels)
            yield return $"Every activation map of layer '{pass.Layer.Name}' is constant, so the map is blank: equal "
                + "everywhere, and returned as all zeros. Check the preprocessing, or choose another layer.";
        else if (isFlat)
            yield return $"{what} is equal everywhere{(normalizer.ClearsNegatives ? " after the ReLU" : "")}, so it is "
                + $"returned as all zeros: no region speaks for this target.{HintOf(result.Pass)}";
        else if (sum < Statistics.SmallestPrecise)
            yield return $"{what} is at most {sum} before it is normalised, of which single precision keeps few "
                + "digits: it is coarse.";
        if (!isFlat && most < 0.5f)
            yield return $"{what} is at most {most:g2}, not 1: the activations are so small that this preset's guard "
                + "against a division by zero outweighs them. The preset Paper has none.";
    }

    /// <summary>Returns a hint for a weighted sum of signed maps, which is often negative everywhere.</summary>
    private string HintOf(ForwardPass? pass) =>
        pass is not null && normalizer.ClearsNegatives && TensorPrimitives.Min<float>(pass.Maps.Values) < 0
            ? " The layer's activations are signed, as those of transformers are, so their sum is often negative "
                + "everywhere. Use a method that does not sum them, such as ViT-CX, Recipro-CAM or RISE, or read the "
                + "signed map."
            : "";

    private sealed record Finished(LayerResult Result, RawMap Raw, SaliencyMap Map, string[] Warnings);
}
