using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Perturbation;

/// <summary>
/// ViT-CX on small convolutional networks. TokenNetworkTests compares it with PyTorch on transformers.
/// </summary>
public class VitCxTests
{
    private const int Places = Tiny.Side * Tiny.Side;

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(2)]
    public void Without_noise_the_map_is_the_mean_of_the_masks_weighted_by_their_probabilities(double distance)
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] activations = Tiny.Run(tiny.Model, picture.Tensor, "relu2");
        IEnumerable<float[]> maps = Enumerable.Range(0, 6).Select(k => Tiny.Channel(activations, k));
        double[][] masks = [.. maps.Select(map => MinMax(Array.ConvertAll(map, v => (double)v)))];

        // The layer is as large as the picture, so that no mask is interpolated.
        var clusters = masks.Select(mask => new List<double[]> { mask }).ToList();
        while (clusters.Count > 1)
        {
            var pairs = clusters.SelectMany((a, i) => clusters.Skip(i + 1).Select(b => (A: a, B: b)));
            (List<double[]> a, List<double[]> b) = pairs.MinBy(p => Farthest(p.A, p.B));
            if (Farthest(a, b) >= distance)
                break;
            a.AddRange(b);
            clusters.Remove(b);
        }
        clusters.Should().HaveCountGreaterThan(distance == 2 ? 0 : 1);

        var (sum, total) = (new double[Places], new double[Places]);
        foreach (List<double[]> cluster in clusters)
        {
            double[] mask = MinMax([.. Enumerable.Range(0, Places).Select(i => cluster.Sum(m => m[i]))]);
            var map = new SaliencyMap(Tiny.Side, Tiny.Side, Array.ConvertAll(mask, v => (float)v));
            float probability = model.Predict(model.Mask(picture, map)).Probabilities[2];
            for (int i = 0; i < Places; i++)
                (sum[i], total[i]) = (sum[i] + (probability * mask[i]), total[i] + mask[i]);
        }
        float[] expected = [.. sum.Zip(total, (s, t) => t > 0 ? (float)(s / t) : 0)];

        var explainer = new VitCxExplainer(model, new() { NoiseDeviation = 0, ClusterDistance = distance });
        explainer.On(picture, Target.Class(2)).RawMap.Values.LargestDifference(expected).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Targets_of_one_call_share_the_masks_and_the_seed_determines_the_noise()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        PreparedImage picture = Tiny.Picture();
        var explainer = new VitCxExplainer(model, new() { NoiseDeviation = 1 });
        IReadOnlyList<Explanation> both = explainer.On(picture, [Target.Class(0), Target.Class(3)]);
        both[1].RawMap.Values.ToArray().Should().Equal(explainer.On(picture, Target.Class(3)).RawMap.Values.ToArray());
        both[0].RawMap.Values.ToArray().Should().NotEqual(both[1].RawMap.Values.ToArray());

        var other = new VitCxExplainer(model, new() { NoiseDeviation = 1, Seed = 1 });
        other.On(picture, Target.Class(3)).RawMap.Values.ToArray().Should().NotEqual(both[1].RawMap.Values.ToArray());
    }

    [Fact]
    public void A_layer_without_a_live_channel_gives_an_empty_map_and_a_warning()
    {
        TinyModel dead = Tiny.Features().Initializer("nothing", [1], 0f).Mul("dead", "relu2", "nothing")
            .GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5, 6).Output();
        using ImageModel model = ImageModel.Load(dead.ToBytes());
        Explanation why = new VitCxExplainer(model, new() { Layers = ["dead"] }).On(Tiny.Picture());
        why.Map.Values.ToArray().Should().OnlyContain(v => v == 0);
        why.Warnings.Should().Contain(warning => warning.Contains("equal everywhere"));
    }

    [Theory]
    [InlineData(-0.1, 0.1, nameof(VitCxOptions.ClusterDistance))]
    [InlineData(double.NaN, 0.1, nameof(VitCxOptions.ClusterDistance))]
    [InlineData(0.1, -1, nameof(VitCxOptions.NoiseDeviation))]
    [InlineData(0.1, double.PositiveInfinity, nameof(VitCxOptions.NoiseDeviation))]
    public void An_option_out_of_its_range_is_refused(double distance, double deviation, string parameter)
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var options = new VitCxOptions { ClusterDistance = distance, NoiseDeviation = deviation };
        FluentActions.Invoking(() => new VitCxExplainer(model, options))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName(parameter);
    }

    private static double Farthest(List<double[]> a, List<double[]> b) => a.Max(x => b.Max(y => 1 - Cosine(x, y)));

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));

    private static double[] MinMax(double[] values) =>
        [.. values.Select(v => (v - values.Min()) / (values.Max() - values.Min()))];
}
