using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Score-CAM with the two-sided score of Poly-CAM.</summary>
public class TwoSidedTests
{
    [Fact]
    public void A_channel_score_is_the_score_with_its_region_minus_the_score_without_it()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] x = picture.Tensor.ToArray();
        var explainer = new ScoreCamExplainer(model, new() { TwoSided = true });
        var why = explainer.On(picture, Target.Class(2));
        var one = new ScoreCamExplainer(model).On(picture, Target.Class(2));

        why.Passes.Should().Be(2 * one.Passes);
        why.Method.Should().Be("Score-CAM (Paper, two-sided)");
        for (int k = 0; k < 6; k++)
        {
            float[] mask = explainer.ChannelMask(picture, k, TestContext.Current.CancellationToken).Values.ToArray();
            float with = Tiny.Run(tiny.Model, [.. x.Select((v, i) => v * mask[i % 64])], "logits")[2];
            float without = Tiny.Run(tiny.Model, [.. x.Select((v, i) => v * (1 - mask[i % 64]))], "logits")[2];
            why.Layers[0].ChannelScores[k].Should().BeApproximately(with - without, 1e-5f);
            one.Layers[0].ChannelScores[k].Should().BeApproximately(with, 1e-5f);
        }
    }

    [Fact]
    public void The_weight_is_the_increase_with_the_region_plus_the_decrease_without_it()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] x = picture.Tensor.ToArray();
        double P(IEnumerable<float> input)
        {
            double[] exp = [.. Tiny.Run(tiny.Model, input.ToArray(), "logits").Select(l => Math.Exp(l))];
            return exp[2] / exp.Sum();
        }

        var explainer = new ScoreCamExplainer(model,
            new() { TwoSided = true, Preset = ScoreCamPreset.IncreaseOfConfidence });
        var why = explainer.On(picture, Target.Class(2));
        for (int k = 0; k < 6; k++)
        {
            float[] mask = explainer.ChannelMask(picture, k, TestContext.Current.CancellationToken).Values.ToArray();
            double expected = P(x.Select((v, i) => v * mask[i % 64])) - P(new float[192]) + P(x)
                - P(x.Select((v, i) => v * (1 - mask[i % 64])));
            why.Layers[0].ChannelWeights[k].Should().BeApproximately((float)expected, 1e-5f);
        }
    }
}
