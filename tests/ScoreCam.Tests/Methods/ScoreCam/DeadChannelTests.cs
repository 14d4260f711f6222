using FluentAssertions;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Channels with a constant map share one pass of the all-zero input, or are skipped.</summary>
public class DeadChannelTests
{
    [Theory]
    [InlineData(ScoreCamPreset.Paper, 0, 10)]
    [InlineData(ScoreCamPreset.Paper, 1, 10)]
    [InlineData(ScoreCamPreset.Paper, 4, 7)]
    [InlineData(ScoreCamPreset.Paper, 10, 1)]
    [InlineData(ScoreCamPreset.PytorchGradCam, 4, 7)]
    [InlineData(ScoreCamPreset.TorchCam, 4, 7)]
    [InlineData(ScoreCamPreset.Official, 0, 10)]
    [InlineData(ScoreCamPreset.Official, 4, 6)]
    [InlineData(ScoreCamPreset.Official, 10, 0)]
    [InlineData(ScoreCamPreset.IncreaseOfConfidence, 0, 11)]
    [InlineData(ScoreCamPreset.IncreaseOfConfidence, 4, 7)]
    [InlineData(ScoreCamPreset.ScoreCamPlusPlus, 0, 10)]
    [InlineData(ScoreCamPreset.ScoreCamPlusPlus, 4, 7)]
    public void Dead_channels_share_one_pass(ScoreCamPreset preset, int dead, int passes)
    {
        using ImageModel model = ImageModel.Load(WithDeadChannels(dead), new() { BatchSize = 3 });
        var reports = new Reports();
        var explainer = new ScoreCamExplainer(model, new() { Preset = preset, Layers = ["masked"] });
        var why = explainer.Explain(Networks.Picture(), Target.Class(2), reports,
            TestContext.Current.CancellationToken);

        why.Layers[0].DeadChannels.Should().Be(dead);
        why.Passes.Should().Be(passes);
        (reports.All.Count == 0 ? 0 : reports.All.Max(r => r.Done)).Should()
            .Be(passes, "the progress counts the passes that were run");
        why.Map.Values.ToArray().Should().NotContain(float.NaN);
    }

    [Fact]
    public void Every_dead_channel_has_the_score_of_the_zero_input()
    {
        using ImageModel model = ImageModel.Load(WithDeadChannels(4));
        Explanation why = model.Explain(Networks.Picture(), options: new() { Layers = ["masked"] });
        float zero = model.Predict(
            PreparedImage.FromTensor(new float[3 * Networks.Height * Networks.Width], 3, Networks.Height,
            Networks.Width)).Logits[2];

        why.Layers[0].ChannelScores.Take(4).Should().OnlyContain(score => score == zero);
        why.Layers[0].ChannelScores.Skip(4).Should().NotContain(zero);
        why.Layers[0].ChannelWeights.Sum().Should().BeApproximately(1, 1e-5f, "dead channels are part of the softmax");
    }

    [Fact]
    public void The_increase_of_confidence_is_relative_to_the_zero_input()
    {
        using ImageModel model = ImageModel.Load(WithDeadChannels(0));
        Explanation why = model.Explain(Networks.Picture(),
            options: new() { Layers = ["masked"], Preset = ScoreCamPreset.IncreaseOfConfidence });
        float baseline = model.Predict(
            PreparedImage.FromTensor(new float[3 * Networks.Height * Networks.Width], 3, Networks.Height,
            Networks.Width)).Probabilities[2];
        why.Layers[0].ChannelWeights.Should().Equal(why.Layers[0].ChannelScores.Select(p => p - baseline));
    }

    [Fact]
    public void The_zero_input_is_scored_once_per_model()
    {
        using ImageModel model = ImageModel.Load(WithDeadChannels(4));
        Explanation first = Explain(), again = Explain();
        again.Layers[0].ChannelScores.Should().Equal(first.Layers[0].ChannelScores);
        again.Passes.Should().Be(first.Passes);

        // A different remembered score appears in the result, so the zero input was not run a second time.
        model.Network.ZeroScores.Remember(
            new ZeroPicture(Networks.Height, Networks.Width, ValuesAreProbabilities: false,
            ScoresAreProbabilities: false), [7, 7, 7, 7, 7]);
        Explain().Layers[0].ChannelScores.Take(4).Should().OnlyContain(score => score == 7);

        Explanation Explain() => model.Explain(Networks.Picture(), options: new() { Layers = ["masked"] });
    }

    [Theory]
    [InlineData(ScoreCamPreset.IncreaseOfConfidence, false, false)]
    [InlineData(ScoreCamPreset.Paper, true, false)]
    [InlineData(ScoreCamPreset.Paper, false, true)]
    public void The_remembered_score_is_not_used_for_probabilities_two_sided_scores_or_another_fill(
        ScoreCamPreset preset, bool twoSided, bool filled)
    {
        ScoreCamOptions options =
            new()
            {
                Layers = ["masked"],
                Preset = preset,
                TwoSided = twoSided,
                MaskFill = filled ? MaskFill.Color(9, 99, 199) : MaskFill.Zero
            };
        using ImageModel used = ImageModel.Load(WithDeadChannels(4)), fresh = ImageModel.Load(WithDeadChannels(4));
        used.Explain(Networks.Picture(), options: new() { Layers = ["masked"] });
        used.Explain(Networks.Picture(), options: options).Layers[0].ChannelScores.Should()
            .Equal(fresh.Explain(Networks.Picture(), options: options).Layers[0].ChannelScores);
    }

    [Fact]
    public void Skipped_channels_have_no_score_and_no_weight()
    {
        using ImageModel model = ImageModel.Load(WithDeadChannels(4));
        Explanation why = model.Explain(Networks.Picture(),
            options: new() { Layers = ["masked"], Preset = ScoreCamPreset.Official });
        why.Layers[0].ChannelScores.Take(4).Should().OnlyContain(score => float.IsNaN(score));
        why.Layers[0].ChannelScores.Skip(4).Should().OnlyContain(score => score > 0 && score < 1);
        why.Layers[0].ChannelWeights.Take(4).Should().OnlyContain(weight => weight == 0);
    }

    [Fact]
    public void A_layer_without_a_live_channel_gives_a_blank_map_and_a_warning()
    {
        using ImageModel model = ImageModel.Load(WithDeadChannels(10));
        foreach (ScoreCamPreset preset in Enum.GetValues<ScoreCamPreset>())
        {
            Explanation why = model.Explain(Networks.Picture(),
                options: new() { Layers = ["masked"], Preset = preset });
            why.Map.Values.ToArray().Should().OnlyContain(v => v == 0);
            why.Warnings.Should().ContainSingle().Which.Should().Contain("'masked'").And.Contain("constant");
        }
    }

    /// <summary>The usual network, with the first channels of its layer multiplied by zero.</summary>
    internal static byte[] WithDeadChannels(int dead) =>
        Networks.Head(Networks.Body(new TinyModel(seed: Networks.Seed)
            .Input("image", -1, 3, Networks.Height, Networks.Width))
            .Initializer("live", [1, 10, 1, 1], [.. Enumerable.Range(0, 10).Select(k => k < dead ? 0f : 1f)])
                .Mul("masked", Networks.Layer, "live")).Output().ToBytes();
}
