using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Numerics;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Perturbation;

/// <summary>RISE and Occlusion, the methods that change the input and compare the scores.</summary>
public class PerturbationTests
{
    [Fact]
    public void A_mask_of_RISE_is_a_random_grid_enlarged_by_one_cell_and_cropped_at_the_shift()
    {
        const int Height = 30, Width = 44, Cells = 7, CellHeight = 5, CellWidth = 7;
        var masks = new RiseMasks(new() { Seed = 9, KeepProbability = 0.3 }, Height, Width);
        var mask = new float[Height * Width];
        for (int i = 0; i < 20; i++)
        {
            masks.Generate(i, mask);
            var random = new SeededRandom(9, i);
            float[] grid = [.. Enumerable.Range(0, Cells * Cells).Select(_ => random.NextDouble() < 0.3 ? 1f : 0f)];
            (int top, int left) = (random.Next(CellHeight), random.Next(CellWidth));
            SaliencyMap enlarged = new SaliencyMap(Cells, Cells, grid)
                .Resize((Cells + 1) * CellWidth, (Cells + 1) * CellHeight);
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                    mask[(y * Width) + x].Should().BeApproximately(enlarged[y + top, x + left], 1e-5f);
        }
    }

    [Fact]
    public void The_mean_of_many_masks_is_the_probability_to_keep_a_cell()
    {
        var masks = new RiseMasks(new() { KeepProbability = 0.3 }, 20, 20);
        var (mean, mask) = (new double[400], new float[400]);
        for (int i = 0; i < 4000; i++)
        {
            masks.Generate(i, mask);
            for (int p = 0; p < 400; p++)
                mean[p] += mask[p] / 4000.0;
        }
        // The standard error of a pixel is at most √(0.3 · 0.7 / 4000) = 0.007.
        mean.Should().OnlyContain(m => Math.Abs(m - 0.3) < 0.035);
    }

    [Fact]
    public void RISE_is_the_score_weighted_mean_of_the_masks_divided_by_the_expected_mask()
    {
        var tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        var options = new RiseOptions { Masks = 40, GridSize = 3, KeepProbability = 0.4, Seed = 2 };
        var masks = new RiseMasks(options, 8, 8);
        var expected = new double[64];
        for (int i = 0; i < 40; i++)
        {
            var mask = new float[64];
            masks.Generate(i, mask);
            float[] masked = [.. picture.Tensor.ToArray().Select((x, n) => x * mask[n % 64])];
            double[] logits = [.. Tiny.Run(tiny.Model, masked, "logits").Select(l => Math.Exp(l))];
            for (int p = 0; p < 64; p++)
                expected[p] += logits[1] / logits.Sum() * mask[p] / (40 * 0.4);
        }
        Explanation why = new RiseExplainer(model, options).On(picture, Target.Class(1));
        why.RawMap.Values.LargestDifference([.. expected.Select(e => (float)e)]).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void RISE_depends_on_the_seed_but_not_on_workers_or_batches()
    {
        byte[] bytes = Tiny.PoolAndGemm().ToBytes();
        float[] Map(int workers, int batch, int seed)
        {
            using ImageModel model = ImageModel.Load(bytes, new() { Workers = workers, BatchSize = batch });
            return new RiseExplainer(model, new() { Masks = 100, Seed = seed })
                .On(Tiny.Picture()).RawMap.Values.ToArray();
        }
        float[] one = Map(1, 1, 7);
        Map(2, 1, 7).Should().Equal(one);
        Map(2, 5, 7).Should().Equal(one);
        Map(1, 1, 8).Should().NotEqual(one);
    }

    [Fact]
    public void RISE_converges_to_the_decisive_region_with_more_masks()
    {
        // The picture is all ones. The logit is the number of pixels that remain in the upper left quarter.
        float[] quarter = [.. Enumerable.Range(0, 64).Select(i => i / 8 < 4 && i % 8 < 4 ? 1f : 0)];
        float[] weights = [.. quarter, .. new float[64]];
        byte[] bytes = new TinyModel().Input("image", 1, 1, 8, 8).Flatten("flat").Initializer("w", [2, 64], weights)
            .Initializer("b", [2], 0f, 8f)
            .Op("Gemm", "logits", ["flat", "w", "b"], TinyModel.Attribute("transB", 1)).Output().ToBytes();
        using ImageModel model = ImageModel.Load(bytes);
        PreparedImage ones = PreparedImage.FromTensor([.. Enumerable.Repeat(1f, 64)], 1, 8, 8);
        double Correlation(int masks, int seed) =>
            Tiny.Correlation(new RiseExplainer(model, new() { Masks = masks, Seed = seed, GridSize = 4 })
            .On(ones, Target.Class(0)).RawMap.Values.ToArray(), quarter);
        (double few, double many) =
            (Enumerable.Range(0, 5).Average(seed => Correlation(200, seed)),
            Enumerable.Range(0, 5).Average(seed => Correlation(2000, seed)));
        many.Should().BeGreaterThan(few).And.BeGreaterThan(0.9);
    }

    [Fact]
    public void RISE_refuses_options_out_of_range()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        FluentActions.Invoking(() => new RiseExplainer(model, new() { Masks = 0 })).Should()
            .Throw<ArgumentOutOfRangeException>().WithParameterName("Masks");
        foreach (int cells in new[] { 0, 1001, 46_341, int.MaxValue })
            FluentActions.Invoking(() => new RiseExplainer(model, new() { GridSize = cells })).Should()
                .Throw<ArgumentOutOfRangeException>().WithParameterName("GridSize");
        foreach (double p in new[] { 0, 1, double.NaN })
            FluentActions.Invoking(() => new RiseExplainer(model, new() { KeepProbability = p })).Should()
                .Throw<ArgumentOutOfRangeException>().WithParameterName("KeepProbability");
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(3, 3)]
    public void Occlusion_gives_each_pixel_the_mean_drop_over_the_windows_that_cover_it(int side, int stride)
    {
        var tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] x = picture.Tensor.ToArray();
        float Logit(float[] input) => Tiny.Run(tiny.Model, input, "logits")[4];

        var starts = new List<int>();
        for (int s = 0; s + side < 8; s += stride)
            starts.Add(s);
        starts.Add(8 - side);
        var (sum, count) = (new float[64], new float[64]);
        foreach (int top in starts)
            foreach (int left in starts)
            {
                bool Inside(int pixel) =>
                    pixel / 8 >= top && pixel / 8 < top + side && pixel % 8 >= left && pixel % 8 < left + side;
                float drop = Logit(x) - Logit([.. x.Select((v, n) => Inside(n % 64) ? 0 : v)]);
                for (int p = 0; p < 64; p++)
                    if (Inside(p))
                        (sum[p], count[p]) = (sum[p] + drop, count[p] + 1);
            }
        count.Should().OnlyContain(c => c > 0);
        Explanation why = new OcclusionExplainer(model,
            new() { Window = side, Stride = stride, Scored = ScoredValue.Logit }).On(picture, Target.Class(4));
        why.RawMap.Values.LargestDifference([.. sum.Zip(count, (s, c) => s / c)]).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Occlusion_refuses_windows_that_do_not_fit_and_strides_that_leave_gaps()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        FluentActions.Invoking(() => new OcclusionExplainer(model, new() { Window = 9 }).On(Tiny.Picture())).Should()
            .Throw<ArgumentOutOfRangeException>().WithParameterName("Window");
        FluentActions.Invoking(() =>
            new OcclusionExplainer(model, new() { Window = 2, Stride = 3 }).On(Tiny.Picture())).Should()
            .Throw<ArgumentOutOfRangeException>().WithParameterName("Stride");
        FluentActions.Invoking(() => new OcclusionExplainer(model, new() { Window = 0 })).Should()
            .Throw<ArgumentOutOfRangeException>().WithParameterName("Window");
    }
}
