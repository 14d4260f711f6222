using System.Text.Json;
using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Methods.Perturbation;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// Meaningful perturbation without shifts and noise, compared with float64 masks and losses of another program.
/// </summary>
public class MeaningfulPerturbationTests
{
    public static TheoryData<string> Networks => GradientMapTests.Networks;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Losses_and_masks_match_the_golden_data(string network)
    {
        var golden = new GradientGolden(network);
        using ImageModel model = golden.Load();
        NpyArray losses = golden.Array("mask.losses.npy"), masks = golden.Array("mask.npy");
        int[] kept = [.. golden.Mask.GetProperty("iterations").EnumerateArray().Select(one => one.GetInt32())];
        foreach ((int index, int row) in golden.CasesOf("mask.losses.npy"))
        {
            ReadOnlySpan<float> expected = losses.Row(row);
            float[] actual = [.. Explain(golden, model, index, 100).Losses];
            actual.Should().HaveCount(101);
            for (int i = 0; i <= 100; i++)
                if (i <= 10)
                    actual[i].Should().BeApproximately(Total(expected, i), 1e-4f, $"case {index}, iteration {i}");
            foreach (int i in new[] { 50, 100 })
                actual[i].Should().BeApproximately(Total(expected, i), 0.02f, $"case {index}, iteration {i}");

            JsonElement rounding = golden.Mask.GetProperty("runs")[row].GetProperty("float32");
            for (int k = 0; k < kept.Length; k++)
            {
                // Where the other program differs between float32 and float64, only the loss can be compared.
                if (rounding.GetProperty($"{kept[k]}").GetProperty("mask").GetDouble() > 1e-3)
                    continue;
                float[] cells = Cells(masks.Row(row), kept.Length, k);
                Explanation why = Explain(golden, model, index, kept[k]);
                float[] map = Upsampled(cells, golden, row, why.RawMap);
                why.RawMap.Values.LargestDifference(map).Should()
                    .BeLessThan(5e-3f, $"case {index}, iteration {kept[k]}");
            }
        }
    }

    [Fact]
    public void The_gradient_with_respect_to_the_mask_equals_finite_differences()
    {
        var mask = new CoarseMask(3, 4, 20, 25, sigma: 2.5);
        float[] cells = [.. Enumerable.Range(0, 12).Select(i => i % 5 / 5f)];
        float[] weights = [.. Enumerable.Range(0, 500).Select(i => MathF.Sin(i))];
        float[] gradient = new float[12], plane = new float[500];
        mask.Backward(weights, gradient);
        for (int i = 0; i < cells.Length; i++)
        {
            // The mask is linear in the cells, so one difference is exact.
            float[] unit = new float[12];
            unit[i] = 1;
            mask.Write(unit, plane);
            gradient[i].Should().BeApproximately(plane.Zip(weights, (a, b) => a * b).Sum(), 1e-4f);
        }
    }

    private static Explanation Explain(GradientGolden golden, ImageModel model, int index, int iterations)
    {
        MeaningfulPerturbationOptions options = new() { Iterations = iterations, Start = 1, Jitter = 0, MaskBlur = 0 };
        return golden.Explain(model, new MeaningfulPerturbationExplainer(model, options), index);
    }

    private static float Total(ReadOnlySpan<float> losses, int iteration) => losses[iteration * 4];

    private static float[] Cells(ReadOnlySpan<float> masks, int count, int index)
    {
        int length = masks.Length / count;
        return masks.Slice(index * length, length).ToArray();
    }

    /// <summary>Up(1 − m), by the interpolation of maps, which other tests compare with closed forms.</summary>
    private static float[] Upsampled(float[] cells, GradientGolden golden, int row, SaliencyMap size)
    {
        JsonElement shape = golden.Mask.GetProperty("runs")[row].GetProperty("cells");
        float[] removed = [.. cells.Select(cell => 1 - cell)];
        var coarse = new SaliencyMap(shape[1].GetInt32(), shape[0].GetInt32(), removed);
        return coarse.Resize(size.Width, size.Height).Values.ToArray();
    }
}
