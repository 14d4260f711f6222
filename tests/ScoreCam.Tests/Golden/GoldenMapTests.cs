using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// Whole explanations against the maps of other implementations, from the picture's tensor to the normalised map.
/// </summary>
public class GoldenMapTests
{
    [Theory]
    [MemberData(nameof(GoldenSet.NamesAndPresets), MemberType = typeof(GoldenSet))]
    public void Maps_scores_and_weights_match_the_reference(string name, ScoreCamPreset preset)
    {
        var golden = new GoldenSet(name);
        string file = GoldenSet.FileOf(preset);
        NpyArray input = golden.Array("input"), logits = golden.Array("logits"), raw = golden.Array(file + ".raw"),
            map = golden.Array(file + ".map");
        using ImageModel model = ImageModel.Load(golden.ModelPath);
        var explainer = new ScoreCamExplainer(model, new() { Preset = preset, Layers = [golden.Layer] });

        for (int c = 0; c < golden.Cases.Count; c++)
        {
            GoldenCase one = golden.Cases[c];
            PreparedImage image = PreparedImage.FromTensor(input.Row(one.Image), input.Shape[1], input.Shape[2],
                input.Shape[3]);
            var why = explainer.Explain(image, Target.Class(one.Class),
                cancellationToken: TestContext.Current.CancellationToken);

            why.Logit.Should().BeApproximately(logits.Row(one.Image)[one.Class], 1e-3f);
            why.Map.Values.LargestDifference(map.Row(c)).Should()
                .BeLessThan(5e-3f, $"case {c} is normalised like the reference");
            // The align-corners interpolation of that package turns a constant map into rounding noise, and its min-max
            // turns the noise into a mask. The specification detects a dead channel before interpolating, so the raw
            // sums differ by a factor and a constant.
            if (name == "edge/constant_channel" && preset == ScoreCamPreset.PytorchGradCam)
                Correlation(why.RawMap.Values, raw.Row(c)).Should().BeGreaterThan(0.99999);
            else
                (why.RawMap.Values.LargestDifference(raw.Row(c)) / Math.Max(1e-3f, raw.Row(c).ToArray().Max(Math.Abs)))
                    .Should().BeLessThan(5e-3f, $"case {c} is summed like the reference");
            if (preset == ScoreCamPreset.Paper)
            {
                NpyRows.LargestDifference(why.Layers[0].ChannelScores.ToArray(), golden.Array("scores").Row(c))
                    .Should().BeLessThan(1e-3f);
                NpyRows.LargestDifference(why.Layers[0].ChannelWeights.ToArray(), golden.Array("weights").Row(c))
                    .Should().BeLessThan(1e-4f);
            }
            string peer = preset switch
            {
                ScoreCamPreset.Official => "peer.official",
                ScoreCamPreset.PytorchGradCam =>
                "peer.pytorch-grad-cam",
                ScoreCamPreset.TorchCam => "peer.torch-cam",
                _ => ""
            };
            if (golden.Has(peer))
                why.Map.Values.LargestDifference(golden.Array(peer).Row(c)).Should()
                    .BeLessThan(5e-3f, $"case {c} agrees with the code of the other project");
        }
    }

    [Fact]
    public void The_map_is_exact_for_the_reference_features_and_scores()
    {
        foreach (string name in GoldenSet.Names.Where(name => name != "squeezenet_dog"))
        {
            var golden = new GoldenSet(name);
            NpyArray input = golden.Array("input"), features = golden.Array("features"),
                raw = golden.Array("paper.raw"), map = golden.Array("paper.map");
            PresetRules rules = PresetRules.Of(ScoreCamPreset.Paper);
            for (int c = 0; c < golden.Cases.Count; c++)
            {
                var maps = new ActivationMaps(golden.Layer, features.Row(golden.Cases[c].Image).ToArray(),
                    features.Shape[1], features.Shape[2], features.Shape[3]);
                float[] weights = ChannelWeights.Compute(rules.Weights, golden.Array("scores").Row(c), float.NaN);
                var saliency = new Saliency(maps, rules.Sum, input.Shape[2], input.Shape[3]);

                NpyRows.LargestDifference(weights, golden.Array("weights").Row(c)).Should().BeLessThan(1e-5f, name);
                saliency.Sum(weights, TestContext.Current.CancellationToken).Values.LargestDifference(raw.Row(c))
                    .Should().BeLessThan(1e-5f, name);
                new MapNormalizer(rules.Map, signed: false, input.Shape[2], input.Shape[3])
                    .Normalize(saliency.Sum(weights, TestContext.Current.CancellationToken),
                    out _).Values.LargestDifference(map.Row(c)).Should().BeLessThan(1e-5f, name);
            }
        }
    }

    [Theory]
    [InlineData("shapes")]
    [InlineData("everyday20")]
    [InlineData("squeezenet_dog")]
    public void The_default_layer_is_the_reference_layer(string name)
    {
        var golden = new GoldenSet(name);
        using ImageModel model = ImageModel.Load(golden.ModelPath);
        model.DefaultLayer.Name.Should().Be(golden.Layer);
    }

    private static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double[] x = [.. a.ToArray().Select(v => (double)v)], y = [.. b.ToArray().Select(v => (double)v)];
        (double meanX, double meanY) = (x.Average(), y.Average());
        double xy = x.Zip(y, (p, q) => (p - meanX) * (q - meanY)).Sum();
        return xy / Math.Sqrt(x.Sum(p => (p - meanX) * (p - meanX)) * y.Sum(q => (q - meanY) * (q - meanY)));
    }
}
