using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Methods.Controls;
using ScoreCam.Targets;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>Complexity, Coherency and ADCC.</summary>
public class AdccTests
{
    [Fact]
    public void ARCC_is_the_harmonic_mean_with_ROAD_instead_of_the_drop()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        for (int seed = 0; seed < 5; seed++)
        {
            float[] map = EvaluationSetup.DistinctMap(seed);
            var explainer = new MapOf(model, _ => map);
            EvaluationCase Case() => new(explainer, Tiny.Picture(seed), explainer.On(Tiny.Picture(seed)));
            double road = new Road().Value(Case())!.Value, complexity = new Complexity().Value(Case())!.Value;
            double coherency = new Coherency().Value(Case())!.Value, removed = Math.Clamp(2 * road, 0, 1);
            double expected = removed == 0 ? 0 : 3 / ((1 / coherency) + (1 / (1 - complexity)) + (1 / removed));
            new Arcc().Value(Case()).Should().BeApproximately(expected, 1e-9);
        }
    }

    [Fact]
    public void ROAD_is_computed_once_for_several_metrics()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var explainer = new MapOf(model, _ => EvaluationSetup.DistinctMap(1));
        EvaluationCase evaluation = new(explainer, Tiny.Picture(), explainer.On(Tiny.Picture()));
        new Road().On(evaluation).Should().BeSameAs(new Road().On(evaluation));
        new Road(seed: 1).On(evaluation).Should().NotBeSameAs(new Road().On(evaluation));
    }

    [Fact]
    public void The_metrics_equal_hand_computed_values_and_share_one_extra_explanation()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        // The map of a picture: the absolute value of its first channel over the maximum.
        static float[] Map(ReadOnlySpan<float> x)
        {
            float[] first = [.. x[..64].ToArray().Select(Math.Abs)];
            return [.. first.Select(v => v / first.Max())];
        }
        var explainer = new MapOf(model, image => Map(image.Tensor));
        var evaluation =
            EvaluationCase.Explain(explainer, picture, Target.Class(1), TestContext.Current.CancellationToken);

        float[] x = picture.Tensor.ToArray(), map = Map(x), masked = [.. x.Select((v, i) => v * map[i % 64])];
        double coherency = (Tiny.Correlation(Map(masked), map) + 1) / 2, complexity = map.Average();
        double y = EvaluationSetup.Probability(tiny, x, 1), o = EvaluationSetup.Probability(tiny, masked, 1);
        double drop = Math.Max(0, y - o) / y;
        new Complexity().Value(evaluation).Should().BeApproximately(complexity, 1e-5);
        new Coherency().Value(evaluation).Should().BeApproximately(coherency, 1e-5);
        new Adcc().Value(evaluation)
            .Should().BeApproximately(3 / ((1 / coherency) + (1 / (1 - complexity)) + (1 / (1 - drop))), 1e-5);
        explainer.Calls.Should().Be(2);
    }

    [Fact]
    public void The_uniform_map_has_complexity_one_coherency_one_half_and_ADCC_zero()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var evaluation = EvaluationCase.Explain(
            new UniformMapExplainer(model), Tiny.Picture(), null, TestContext.Current.CancellationToken);
        new Complexity().Value(evaluation).Should().Be(1);
        new Coherency().Value(evaluation).Should().Be(0.5, "ρ is 0 for a flat map");
        new Adcc().Value(evaluation).Should().Be(0);
    }
}
