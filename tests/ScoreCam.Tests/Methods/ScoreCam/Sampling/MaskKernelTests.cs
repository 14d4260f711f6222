using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

public class MaskKernelTests
{
    private static readonly float[] Maps = [0, 1, 2, 4, 3, 1, 0, 1, 2, 2, 0, 1];

    // Computed in Python from the definitions: three channels, the unmasked picture.
    private static readonly float[,] Expected =
    {
        { 0.973638f, 0.664438f, 0.711159f, 0.842791f },
        { 0.664438f, 0.960186f, 0.967890f, 0.901393f },
        { 0.711159f, 0.967890f, 1.066176f, 1.016477f },
        { 0.842791f, 0.901393f, 1.016477f, 1.288742f },
    };

    [Fact]
    public void The_kernel_matrix_matches_its_definition()
    {
        var kernel = new MaskKernel(
            new MaskFeatures(new("layer", [.. Maps], 3, 2, 2), [0, 1, 2], MaskRule.UpsampleThenMinMax));
        float[] diagonal = kernel.Diagonal();
        var rows = new float[4 * 16];
        kernel.Rows([0, 1, 2, 3], rows, 16);
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                rows[(16 * i) + j].Should().BeApproximately(Expected[i, j], 1e-5f, $"at {i}, {j}");
                kernel.Value(i, j).Should().BeApproximately(Expected[i, j], 1e-5f);
            }
            diagonal[i].Should().BeApproximately(Expected[i, i], 1e-5f);
        }
    }

    [Fact]
    public void Features_are_roots_of_masks_times_roots_of_importance()
    {
        var features = new MaskFeatures(new("layer", [.. Maps], 3, 2, 2), [0, 1, 2], MaskRule.UpsampleThenMinMax);
        // Importance 0.1 + 0.9 · energy / mean energy, with the energies 13, 6, 4, 18; the first mask is 0, 1/4,
        // 2/4, 1.
        float[] importance = [.. new[] { 13f, 6, 4, 18 }.Select(energy => MathF.Sqrt(0.1f + (0.9f * energy / 10.25f)))];
        features[0].ToArray().Should()
            .Equal([0, 0.5f * importance[1], MathF.Sqrt(0.5f) * importance[2], importance[3]], (a, b) =>
            Math.Abs(a - b) < 1e-5f);
        features[features.Whole].ToArray().Should().Equal(importance, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void The_known_map_determines_six_tenths_of_the_importance()
    {
        MaskFeatures without = Features([]), with = Features([0, 0, 1, 3]);
        for (int i = 0; i < 4; i++)
            MathF.Pow(with[with.Whole][i], 2).Should()
                .BeApproximately((0.4f * MathF.Pow(without[without.Whole][i], 2)) + (0.6f * new[] { 0f, 0, 1, 3 }[i]),
                1e-5f);
        with[0][3].Should().Be(with[with.Whole][3], "the mask is 1 there");
        // A zero map gives no information about any position.
        MaskFeatures flat = Features([0, 0, 0, 0]);
        for (int i = 0; i < 4; i++)
            MathF.Pow(flat[flat.Whole][i], 2).Should()
                .BeApproximately((0.4f * MathF.Pow(without[without.Whole][i], 2)) + 0.6f, 1e-5f);

        static MaskFeatures Features(float[] map)
        {
            var features = new MaskFeatures(new("layer", [.. Maps], 3, 2, 2), [0, 1, 2], MaskRule.UpsampleThenMinMax);
            return map.Length == 0 ? features : features.Focused(map);
        }
    }

    [Fact]
    public void Large_maps_are_averaged_down()
    {
        // 32 × 32, the left half dark: 16 × 16 cells of 2 × 2, whose averages show the same halves.
        float[] map = [.. Enumerable.Range(0, 32 * 32).Select(i => i % 32 < 16 ? 0f : 1f)];
        var features = new MaskFeatures(new("layer", map, 1, 32, 32), [0], MaskRule.UpsampleThenMinMax);
        features.Length.Should().Be(256);
        features[0].ToArray().Select((value, i) => (value > 0) == (i % 16 >= 8)).Should().OnlyContain(right => right);
    }

    [Fact]
    public void Negative_masks_of_tanh_keep_their_sign()
    {
        var features = new MaskFeatures(new("layer", [-1, 1, 0, 2], 1, 2, 2), [0], MaskRule.Tanh);
        (features[0][0] / features[features.Whole][0]).Should().BeApproximately(-MathF.Sqrt(MathF.Tanh(1)), 1e-5f);
    }
}
