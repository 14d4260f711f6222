using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>Insertion and Deletion.</summary>
public class PixelCurveTests
{
    [Fact]
    public void Deletion_is_the_area_under_the_curve_of_zeroing_pixels_by_hand()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] x = picture.Tensor.ToArray(), map = EvaluationSetup.DistinctMap(5);
        int[] order = [.. Enumerable.Range(0, 64).OrderByDescending(i => map[i])];
        double[] expected = [.. Enumerable.Range(0, 101).Select(step =>
        {
            var gone = order.Take((int)Math.Round(step * 0.64)).ToHashSet();
            return EvaluationSetup.Probability(tiny, x.Select((v, i) => gone.Contains(i % 64) ? 0 : v), 2);
        })];
        MetricResult result = new Deletion().On(EvaluationSetup.With(model, picture, map, 2));
        result.Curves.Should().ContainSingle().Which.Y.Zip(expected, (a, b) => Math.Abs(a - b)).Max()
            .Should().BeLessThan(1e-5);
        result.Value.Should().BeApproximately((expected.Sum() - ((expected[0] + expected[100]) / 2)) / 100, 1e-5);
        result.TiedShare.Should().Be(0);
    }

    [Fact]
    public void Insertion_starts_from_the_blurred_picture_and_ends_with_the_picture()
    {
        // At 64 pixels the kernel reaches round(5 · 64 / 224) = 1 pixel, with σ = 5 · 64 / 224; edges are clamped.
        const int Side = 64;
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, Side * Side).Select(_ => (float)random.NextDouble())];
        float[] w = [.. Enumerable.Range(0, Side * Side).Select(_ => (float)(random.NextDouble() - 0.5) / 30)];
        float[] map = EvaluationSetup.DistinctMap(2, Side * Side);
        double sigma = 5.0 * Side / 224, side = Math.Exp(-1 / (2 * sigma * sigma)), sum = 1 + (2 * side);
        double[] kernel = [side / sum, 1 / sum, side / sum];
        double[] blurred = [.. Enumerable.Range(0, Side * Side).Select(i =>
        {
            double total = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                {
                    int row = Math.Clamp((i / Side) + dy, 0, Side - 1);
                    int column = Math.Clamp((i % Side) + dx, 0, Side - 1);
                    total += kernel[dy + 1] * kernel[dx + 1] * x[(row * Side) + column];
                }
            return total;
        })];
        int[] order = [.. Enumerable.Range(0, x.Length).OrderByDescending(i => map[i])];
        double[] expected = [.. Enumerable.Range(0, 101).Select(step =>
        {
            double[] mixed = [.. blurred];
            foreach (int i in order.Take((int)Math.Round(step * x.Length / 100.0)))
                mixed[i] = x[i];
            return 1 / (1 + Math.Exp(-mixed.Zip(w, (a, b) => a * b).Sum()));
        })];

        using ImageModel model = ImageModel.Load(EvaluationSetup.Linear(Side, w));
        EvaluationCase evaluation = EvaluationSetup.With(model, EvaluationSetup.Grey(Side, x), map, 0);
        MetricResult result = new Insertion().On(evaluation);
        result.Curves[0].Y.Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-5);
        result.Value.Should().BeApproximately((expected.Sum() - ((expected[0] + expected[100]) / 2)) / 100, 1e-5);
        double whole = model.Predict(evaluation.Image).Probabilities[0];
        result.Curves[0].Y[100].Should().BeApproximately(whole, 1e-6);
        MetricCurve deletion = new Deletion().On(evaluation).Curves[0];
        deletion.Y[0].Should().BeApproximately(whole, 1e-6);
        deletion.Y[100].Should().BeApproximately(0.5, 1e-6);
    }

    [Fact]
    public void The_area_under_a_curve_equals_a_hand_computed_value()
    {
        new MetricCurve { Name = "c", X = [0, 0.5, 1], Y = [1, 0.5, 0] }.Area.Should().Be(0.5);
        new MetricCurve { Name = "c", X = [0, 0.25, 1], Y = [1, 0, 1] }.Area.Should().Be(0.5);
    }

    [Fact]
    public void Ties_are_counted_and_broken_by_the_seed_alone()
    {
        float[] map = [1, 1, 0, 0, 0, 0.5f, 0.25f, 0.75f];
        var order = new PixelOrder(map, seed: 4);
        order.TiedShare.Should().Be(5 / 8.0);
        order.Pixels.Should().BeEquivalentTo(Enumerable.Range(0, 8));
        order.Pixels.Select(i => map[i]).Should().BeInDescendingOrder();
        new PixelOrder(map, seed: 4).Pixels.Should().Equal(order.Pixels);
        // A plateau is shuffled, so its first pixel comes first for about half of the seeds.
        Enumerable.Range(0, 200).Count(seed => new PixelOrder(map, seed).Pixels[0] == 0).Should().BeInRange(70, 130);
    }
}
