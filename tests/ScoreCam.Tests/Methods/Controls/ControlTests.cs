using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Controls;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Controls;

public class ControlTests
{
    [Fact]
    public void The_uniform_map_is_one_everywhere()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        Explanation why = new UniformMapExplainer(model).On(Tiny.Picture());
        why.Map.Values.ToArray().Should().HaveCount(64).And.OnlyContain(v => v == 1);
        why.Warnings.Should().BeEmpty();
        why.Probability.Should().BePositive();
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.1)]
    public void The_center_Gaussian_falls_from_the_centre_to_every_side(double sigma)
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        float[] map = new CenterGaussianExplainer(model, sigma).On(Tiny.Picture()).Map.Values.ToArray();
        map.Max().Should().Be(1);
        double s = sigma * 8;
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 8; x++)
            {
                // The four pixels around the centre are each half a pixel away from it in both directions.
                double squares = Math.Pow(x - 3.5, 2) + Math.Pow(y - 3.5, 2) - 0.5;
                map[(y * 8) + x].Should().BeApproximately((float)Math.Exp(-squares / (2 * s * s)), 1e-5f);
            }
        foreach (double wrong in (double[])[0, -1, 11, double.NaN])
            FluentActions.Invoking(() => new CenterGaussianExplainer(model, wrong))
                .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Sobel_edges_are_the_gradient_of_the_mean_channel()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        PreparedImage image = Tiny.Picture();
        float[] raw = new SobelEdgesExplainer(model).On(image).RawMap.Values.ToArray();
        float[] x = image.Tensor.ToArray();
        double[,] horizontal = { { -1, 0, 1 }, { -2, 0, 2 }, { -1, 0, 1 } };
        for (int i = 0; i < 64; i++)
        {
            double gx = 0, gy = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                {
                    int at = (Math.Clamp((i / 8) + dy, 0, 7) * 8) + Math.Clamp((i % 8) + dx, 0, 7);
                    double gray = (x[at] + x[64 + at] + x[128 + at]) / 3.0;
                    gx += horizontal[dy + 1, dx + 1] * gray;
                    gy += horizontal[dx + 1, dy + 1] * gray;
                }
            raw[i].Should().BeApproximately((float)Math.Sqrt((gx * gx) + (gy * gy)), 1e-4f);
        }
    }

    [Fact]
    public void Sobel_edges_of_a_flat_picture_are_blank_with_a_warning()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        PreparedImage flat = PreparedImage.FromTensor([.. Enumerable.Repeat(0.5f, 192)], 3, 8, 8);
        Explanation why = new SobelEdgesExplainer(model).On(flat);
        why.Map.Values.ToArray().Should().OnlyContain(v => v == 0);
        why.Warnings.Should().Contain(warning => warning.Contains("all zeros"));
    }

    [Fact]
    public void The_mean_activation_is_the_mean_of_the_channels()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage image = Tiny.Picture();
        float[] activations = Tiny.Run(tiny.Model, image.Tensor, "relu2");
        float[] mean = [.. Enumerable.Range(0, 64).Select(i =>
            Enumerable.Range(0, 6).Average(k => activations[(64 * k) + i]))];
        Explanation why = new MeanActivationExplainer(model, new() { Layers = ["relu2"] }).On(image);
        float[] map = why.Map.Values.ToArray();
        for (int i = 0; i < 64; i++)
        {
            why.RawMap.Values[i].Should().BeApproximately(mean[i], 1e-5f);
            map[i].Should().BeApproximately(mean[i] / mean.Max(), 1e-5f, "it is divided by its maximum, not stretched");
        }
    }

    [Fact]
    public void Random_weights_depend_on_the_seed_and_the_picture_but_not_on_the_target()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        float[] Map(int seed, int picture = 3) =>
            new RandomWeightsCamExplainer(model, new() { Seed = seed })
            .On(Tiny.Picture(picture)).RawMap.Values.ToArray();
        Map(1).Should().Equal(Map(1)).And.NotEqual(Map(2)).And.NotEqual(Map(1, picture: 4));
        var both = new RandomWeightsCamExplainer(model).On(Tiny.Picture(), [Target.Class(0), Target.Class(1)]);
        both[0].Map.Values.LargestDifference(both[1].Map.Values).Should().Be(0);
    }

    [Fact]
    public void Random_weights_put_no_more_energy_into_a_box_than_its_share_of_the_area()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var shares = new List<double>();
        for (int seed = 0; seed < 300; seed++)
        {
            Explanation why = new RandomWeightsCamExplainer(model, new() { Seed = seed }).On(Tiny.Picture(seed));
            float[] map = why.Map.Values.ToArray(), raw = why.RawMap.Values.ToArray();
            shares.Add(map.Where((_, i) => i % 8 < 3).Sum() / map.Sum());
            map.Max().Should().Be(1);
            for (int i = 0; i < 64; i++)
                map[i].Should().BeApproximately(Math.Max(0, raw[i]) / raw.Max(), 1e-5f,
                    "the map is divided by its maximum and not stretched to zero");
        }
        // The standard deviation of a share is about 0.1, that of their mean 0.006.
        shares.Average().Should().BeInRange(3 / 8.0 - 0.03, 3 / 8.0 + 0.03);
    }
}
