using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Tests.Golden;
using Xunit;

namespace ScoreCam.Tests.Methods.Perturbation;

public class ExtremalPerturbationTests
{
    [Theory]
    [InlineData(31, 45, 7, 21)]
    [InlineData(31, 45, 7, 5)]
    [InlineData(23, 17, 4, 9)]
    [InlineData(13, 10, 1, 3)]
    [InlineData(13, 10, 1, 0.4)]
    [InlineData(5, 9, 7, 21)]
    public void A_smooth_mask_and_its_gradient_match_the_formula(
        int height, int width, int step, double sigma)
    {
        var masks = new SmoothMask(height, width, step, sigma);
        float[] cells = [.. Enumerable.Range(0, masks.Cells).Select(i => 0.5f + (0.5f * MathF.Sin(i * 2.3f)))];
        float[] weights = [.. Enumerable.Range(0, height * width).Select(i => MathF.Cos(i * 0.7f))];
        float[] mask = new float[weights.Length], gradient = new float[cells.Length];
        masks.Write([.. cells.Select(cell => 1 - cell)], mask);
        masks.Write(cells, mask);
        masks.Backward(weights, gradient);

        double[] exact = [.. cells];
        double[] expected = Formula(exact);
        for (int i = 0; i < mask.Length; i++)
            ((double)mask[i]).Should().BeApproximately(expected[i], 2e-6, $"pixel {i}");
        for (int i = 0; i < cells.Length; i++)
        {
            double difference = (Weighted(i, 1e-5) - Weighted(i, -1e-5)) / 2e-5;
            ((double)gradient[i]).Should().BeApproximately(difference, 1e-4, $"cell {i}");
        }

        double Weighted(int cell, double change)
        {
            double[] changed = [.. exact];
            changed[cell] += change;
            return Formula(changed).Zip(weights, (m, weight) => m * weight).Sum();
        }

        double[] Formula(double[] values)
        {
            (int rows, int columns) = ((height + step - 1) / step, (width + step - 1) / step);
            rows.Should().Be(masks.Cells / columns);
            int reach = 1 + (int)Math.Ceiling(sigma / step);
            double[] result = new double[height * width];
            for (int i = 0; i < result.Length; i++)
            {
                (int y, int x, double sum, double maximum) = (i / width, i % width, 0, 0);
                for (int row = (y / step) - reach; row <= (y / step) + reach; row++)
                    for (int column = (x / step) - reach; column <= (x / step) + reach; column++)
                    {
                        bool isInside = row >= 0 && row < rows && column >= 0 && column < columns;
                        double distance = Math.Sqrt(Math.Pow(y - (row * step), 2) + Math.Pow(x - (column * step), 2));
                        double kernel = Math.Exp(-2 * Math.Pow(Math.Max((distance / sigma) - 0.5, 0), 2));
                        double value = isInside ? kernel * values[(row * columns) + column] : 0;
                        sum += Math.Exp(20 * value);
                        maximum += value * Math.Exp(20 * value);
                    }
                result[i] = maximum / sum;
            }
            return result;
        }
    }

    [Fact]
    public void A_single_cell_fills_the_mask_up_to_half_a_sigma_around_it()
    {
        var masks = new SmoothMask(40, 40, step: 5, sigma: 10);
        float[] mask = new float[1600], cells = new float[masks.Cells];
        cells[(4 * 8) + 4] = 1;
        masks.Write(cells, mask);
        // At the grid point, and up to half a sigma from it, k is 1. The other cells are 0: e²⁰ / (e²⁰ + 120) is
        // nearly 1.
        mask[(20 * 40) + 20].Should().BeApproximately(1, 1e-4f);
        mask[(20 * 40) + 25].Should().BeApproximately(1, 1e-4f);
        mask[0].Should().BeLessThan(0.01f);
    }

    [Fact]
    public void The_area_constraint_and_its_gradient_match_the_formula()
    {
        float[] mask = [0.2f, 0.9f, 0.4f, 0.1f], ascent = new float[4];
        float value = AreaMask.Constrain(mask, outside: 2, weight: 3, ascent);
        // Sorted: 0.1, 0.2 should be 0; 0.4, 0.9 should be 1.
        value.Should().BeApproximately(((0.1f * 0.1f) + (0.2f * 0.2f) + (0.6f * 0.6f) + (0.1f * 0.1f)) / 4, 1e-6f);
        ascent.Select(v => Math.Round(v, 4)).Should().Equal(-0.3, 0.15, 0.9, -0.15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(150)]
    [InlineData(299)]
    public void The_area_constraint_matches_sorting_when_many_values_are_equal(int outside)
    {
        float[] mask = [.. Enumerable.Range(0, 300).Select(i => i * 37 % 300 / 60 / 4f)];
        float[] ascent = new float[300], expected = new float[300];
        float value = AreaMask.Constrain(mask, outside, weight: 3, ascent);
        // OrderBy is stable, so equal values keep the order of their pixels.
        int[] order = [.. Enumerable.Range(0, 300).OrderBy(i => mask[i])];
        double sum = 0;
        for (int rank = 0; rank < 300; rank++)
        {
            float off = mask[order[rank]] - (rank < outside ? 0 : 1);
            sum += off * off / 300.0;
            expected[order[rank]] = -2 * 3 * off / 300;
        }
        value.Should().BeApproximately((float)sum, 1e-6f);
        ascent.Zip(expected, (a, b) => MathF.Abs(a - b)).Max().Should().BeLessThan(1e-7f);
    }

    [Fact]
    public void The_gradient_of_a_pyramid_equals_finite_differences()
    {
        float[] values = [.. Enumerable.Range(0, 3 * 6 * 7).Select(i => MathF.Sin(i))];
        var pyramid = new BlurPyramid(PreparedImage.FromTensor(values, 3, 6, 7), 2);
        float[] mask = [.. Enumerable.Range(0, 42).Select(i => (i + 0.5f) / 42)];
        float[] weights = [.. Enumerable.Range(0, values.Length).Select(i => MathF.Cos(i * 0.7f))];
        float[] gradient = new float[42];
        pyramid.Backward(mask, weights, gradient);
        for (int i = 0; i < mask.Length; i++)
            gradient[i].Should().BeApproximately((Weighted(i, 1e-3f) - Weighted(i, -1e-3f)) / 2e-3f, 5e-3f, $"{i}");

        float Weighted(int pixel, float change)
        {
            float[] changed = [.. mask], picture = new float[values.Length];
            changed[pixel] += change;
            pyramid.Write(changed, picture);
            return (float)picture.Zip(weights, (a, b) => (double)a * b).Sum();
        }
    }

    [Fact]
    public void A_pyramid_gives_the_picture_where_the_mask_is_1_and_the_strongest_blur_where_it_is_0()
    {
        float[] values = [.. Enumerable.Range(0, 3 * 16 * 16).Select(i => MathF.Sin(i))];
        PreparedImage image = PreparedImage.FromTensor(values, 3, 16, 16);
        var pyramid = new BlurPyramid(image, 4);
        float[] picture = new float[values.Length], mask = new float[256];
        Array.Fill(mask, 1f);
        pyramid.Write(mask, picture);
        picture.Zip(values, (a, b) => MathF.Abs(a - b)).Max().Should().BeLessThan(1e-6f);
        Array.Fill(mask, 0f);
        pyramid.Write(mask, picture);
        picture.Max().Should().BeLessThan(values.Max() / 2);
    }

    [Fact]
    public void The_mask_keeps_the_region_that_supports_the_class()
    {
        var golden = new GradientGolden("shapes");
        using ImageModel model = golden.Load();
        ExtremalPerturbationOptions options = new() { Areas = [0.1f], Iterations = 150 };
        var explainer = new ExtremalPerturbationExplainer(model, options);
        PreparedImage picture = golden.Picture(model, 0);
        Explanation why = explainer.Explain(picture, golden.TargetOf(0),
            cancellationToken: TestContext.Current.CancellationToken);
        Explanation again = explainer.Explain(picture, golden.TargetOf(0),
            cancellationToken: TestContext.Current.CancellationToken);

        again.RawMap.Values.ToArray().Should().Equal(why.RawMap.Values.ToArray());
        why.Losses.Should().HaveCount(150);
        why.Losses[^1].Should().BeLessThan(why.Losses[0]);
        float kept = model.Predict(model.Mask(picture, why.RawMap, MaskFill.Blurred)).Logits[why.ClassIndex!.Value];
        float[] flipped = [.. why.RawMap.Values.ToArray().Select(value => 1 - value)];
        SaliencyMap rest = new(why.RawMap.Width, why.RawMap.Height, flipped);
        float removed = model.Predict(model.Mask(picture, rest, MaskFill.Blurred)).Logits[why.ClassIndex.Value];
        kept.Should().BeGreaterThan(removed);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void An_area_of_zero_or_of_the_whole_picture_is_refused(float area)
    {
        using ImageModel model = new GradientGolden("shapes").Load();
        Action create = () => _ = new ExtremalPerturbationExplainer(model, new() { Areas = [area] });
        create.Should().Throw<ArgumentException>().WithMessage("*between 0 and 1*");
    }
}
