using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Tests.Golden;
using Xunit;

namespace ScoreCam.Tests.Methods.Perturbation;

public class ExtremalPerturbationTests
{
    [Fact]
    public void The_gradient_of_a_smooth_mask_is_that_of_finite_differences()
    {
        var masks = new SmoothMask(23, 17, step: 4, sigma: 9);
        float[] cells = [.. Enumerable.Range(0, masks.Cells).Select(i => 0.5f + (0.4f * MathF.Sin(i * 2.3f)))];
        float[] weights = [.. Enumerable.Range(0, 23 * 17).Select(i => MathF.Cos(i * 0.7f))];
        float[] gradient = new float[cells.Length];
        masks.Backward(cells, weights, gradient);
        for (int i = 0; i < cells.Length; i++)
        {
            double difference = (Weighted(i, 2e-3f) - Weighted(i, -2e-3f)) / 4e-3;
            gradient[i].Should().BeApproximately((float)difference, 5e-3f + (0.02f * MathF.Abs((float)difference)),
                $"cell {i}");
        }

        double Weighted(int cell, float step)
        {
            float[] changed = [.. cells], mask = new float[weights.Length];
            changed[cell] += step;
            masks.Write(changed, mask);
            return mask.Zip(weights, (a, b) => (double)a * b).Sum();
        }
    }

    [Fact]
    public void A_mask_of_equal_cells_is_constant_and_a_single_cell_reaches_half_a_sigma()
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
    public void The_area_constraint_and_its_gradient_are_those_of_the_formula()
    {
        float[] mask = [0.2f, 0.9f, 0.4f, 0.1f], ascent = new float[4];
        float value = AreaMask.Constrain(mask, outside: 2, weight: 3, ascent);
        // Sorted: 0.1, 0.2 should be 0; 0.4, 0.9 should be 1.
        value.Should().BeApproximately(((0.1f * 0.1f) + (0.2f * 0.2f) + (0.6f * 0.6f) + (0.1f * 0.1f)) / 4, 1e-6f);
        ascent.Select(v => Math.Round(v, 4)).Should().Equal(-0.3, 0.15, 0.9, -0.15);
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
    public void The_mask_keeps_the_shape_that_the_network_names()
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
    public void An_area_that_is_no_part_of_the_picture_is_refused(float area)
    {
        using ImageModel model = new GradientGolden("shapes").Load();
        Action create = () => _ = new ExtremalPerturbationExplainer(model, new() { Areas = [area] });
        create.Should().Throw<ArgumentException>().WithMessage("*between 0 and 1*");
    }
}
