using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>Average Drop, Increase and Gain.</summary>
public class DropTests
{
    [Fact]
    public void The_metrics_equal_hand_computed_values()
    {
        // The logit is ln 3 on the whole picture, so Y = 3/4. A map that keeps half of it leaves a logit of ln √3, so
        // O = √3 / (√3 + 1) = 0.6340.
        float w = MathF.Log(3) / 4;
        using ImageModel model = ImageModel.Load(EvaluationSetup.Linear(2, w, w, w, w));
        EvaluationCase half = EvaluationSetup.With(model, EvaluationSetup.Grey(2, 1, 1, 1, 1), [1, 1, 0, 0], 0);
        new AverageDrop().Value(half).Should().BeApproximately(100 * (0.75 - 0.6339746) / 0.75, 1e-4);
        new AverageIncrease().Value(half).Should().Be(0);
        new AverageGain().Value(half).Should().Be(0);

        // For the other class Y = 1/4 and O = 0.3660: a gain of 0.1160 on 0.75.
        EvaluationCase other = EvaluationSetup.With(model, EvaluationSetup.Grey(2, 1, 1, 1, 1), [1, 1, 0, 0], 1);
        new AverageDrop().Value(other).Should().Be(0);
        new AverageIncrease().Value(other).Should().Be(100);
        new AverageGain().Value(other).Should().BeApproximately(100 * 0.1160254 / 0.75, 1e-4);

        // Half of the pixels muted leaves 1 and 0.8: logit 0.45 ln 3, O = 3^0.45 / (3^0.45 + 1) = 0.62112.
        EvaluationCase muted =
            EvaluationSetup.With(model, EvaluationSetup.Grey(2, 1, 1, 1, 1), [1, 0.8f, 0.4f, 0.2f], 0);
        double kept = Math.Pow(3, 0.45) / (Math.Pow(3, 0.45) + 1);
        new AverageDrop(mutesLowerHalf: true).Value(muted).Should().BeApproximately(100 * (0.75 - kept) / 0.75, 1e-4);
    }

    [Fact]
    public void On_a_network_the_metrics_equal_masking_by_hand()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        for (int seed = 0; seed < 4; seed++)
            for (int c = 0; c < 5; c++)
            {
                PreparedImage picture = Tiny.Picture(seed);
                float[] x = picture.Tensor.ToArray(), map = EvaluationSetup.DistinctMap(seed);
                float[] muted = [.. map];
                foreach (int i in Enumerable.Range(0, 64).OrderBy(i => map[i]).Take(32))
                    muted[i] = 0;
                double y = EvaluationSetup.Probability(tiny, x, c);
                EvaluationCase evaluation = EvaluationSetup.With(model, picture, map, c);
                foreach (bool half in new[] { false, true })
                {
                    IEnumerable<float> masked = x.Select((v, i) => v * (half ? muted : map)[i % 64]);
                    double o = EvaluationSetup.Probability(tiny, masked, c);
                    double drop = 100 * Math.Max(0, y - o) / y, gain = 100 * Math.Max(0, o - y) / (1 - y);
                    new AverageDrop(half).Value(evaluation).Should().BeApproximately(drop, 1e-3);
                    new AverageIncrease(half).Value(evaluation).Should().Be(o > y ? 100 : 0);
                    new AverageGain(half).Value(evaluation).Should().BeApproximately(gain, 1e-3);
                }
            }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    public void The_uniform_map_gives_no_drop_increase_or_gain(int workers, int batch)
    {
        ModelOptions options = new() { Workers = workers, BatchSize = batch };
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes(), options);
        for (int seed = 0; seed < 10; seed++)
        {
            var evaluation = EvaluationCase.Explain(
                new UniformMapExplainer(model), Tiny.Picture(seed), null, TestContext.Current.CancellationToken);
            foreach (string name in (string[])["average-drop", "average-increase", "average-gain"])
            {
                Metric.Find(name).Value(evaluation).Should().Be(0, name);
                Metric.Find(name + "-50").Value(evaluation).Should().Be(0, name);
            }
        }
    }

    [Fact]
    public void Average_Drop_takes_two_forward_passes()
    {
        int without = Passes(_ => { });
        Passes(evaluation => new AverageDrop().Value(evaluation)).Should().Be(without + 2);
        Passes(evaluation =>
        {
            new AverageDrop().Value(evaluation);
            new AverageIncrease().Value(evaluation);
            new AverageGain().Value(evaluation);
        }).Should().Be(without + 2, "the metrics share their passes");
    }

    [Fact]
    public void A_small_map_is_upsampled_to_the_input_first()
    {
        TinyModel tiny = Tiny.Features().MaxPool("small").GlobalAveragePool("pool").Flatten("flat");
        using ImageModel model = ImageModel.Load(tiny.Gemm("logits", 5).Output().ToBytes());
        PreparedImage picture = Tiny.Picture();
        var explainer = new ScoreCamExplainer(model, new() { Preset = ScoreCamPreset.TorchCam, Layers = ["small"] });
        Explanation small = explainer.On(picture);
        small.Map.Width.Should().Be(4);
        float[] upsampled = small.Map.Resize(8, 8).Values.ToArray();
        new EvaluationCase(explainer, picture, small).Map.Values.ToArray().Should().Equal(upsampled);
    }

    [Fact]
    public void An_explanation_that_is_not_of_a_class_is_refused()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var explainer = new ScoreCamExplainer(model);
        Explanation why = explainer.On(Tiny.Picture(), Target.Function("sum", scores => scores[0] + scores[1]));
        FluentActions.Invoking(() => new EvaluationCase(explainer, Tiny.Picture(), why))
            .Should().Throw<ArgumentException>().WithMessage("*'sum'*Target.Predicted*");
    }

    /// <summary>The number of times that ONNX Runtime ran the network, from its own profile.</summary>
    private static int Passes(Action<EvaluationCase> measure)
    {
        using TemporaryFolder folder = new();
        ModelOptions options = new()
        {
            ConfigureSession = session => (session.ProfileOutputPathPrefix, session.EnableProfiling) =
                (folder.File(Guid.NewGuid().ToString("N")), true),
        };
        using (ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes(), options))
            measure(EvaluationSetup.With(model, Tiny.Picture(), EvaluationSetup.DistinctMap(1), 0));
        return folder.Names().Sum(name => File.ReadAllText(folder.File(name)).Split("\"model_run\"").Length - 1);
    }
}
