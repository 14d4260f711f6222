using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Tests.Evaluation.Comparison;

/// <summary>Maps on the picture, their similarity and their consensus.</summary>
public class MapsTests
{
    [Fact]
    public void A_cell_is_the_mean_of_the_pixels_that_it_covers()
    {
        Random random = new(1);
        float[] values = [.. Enumerable.Range(0, 24 * 12).Select(_ => random.NextSingle())];
        SaliencyMap map =
            ComparedMap.OnPicture(Explained(new(24, 12, values), PictureMapping.Identity(24, 12)), side: 6);
        (map.Width, map.Height).Should().Be((6, 3));
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 6; x++)
            {
                double sum = 0;
                for (int i = 0; i < 16; i++)
                    sum += values[((4 * y) + (i / 4)) * 24 + (4 * x) + (i % 4)];
                map[y, x].Should().BeApproximately((float)(sum / 16), 1e-5f);
            }
    }

    [Fact]
    public void Cropped_pixels_are_zero_and_a_small_picture_keeps_its_size()
    {
        // The input is the middle 4 × 4 of a picture of 8 × 4.
        PictureMapping middle = PictureMapping.Identity(8, 4) with { InputWidth = 4, OffsetX = -2 };
        SaliencyMap map = ComparedMap.OnPicture(Explained(new(4, 4, [.. Enumerable.Repeat(1f, 16)]), middle));
        (map.Width, map.Height).Should().Be((8, 4));
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 8; x++)
                map[y, x].Should().Be(x is >= 2 and < 6 ? 1 : 0);
    }

    [Fact]
    public void Only_the_positive_part_of_signed_evidence_counts()
    {
        SaliencyMap map = ComparedMap.OnPicture(Explained(new(2, 1, [-1f, 0.5f]), PictureMapping.Identity(2, 1)));
        map.Values.ToArray().Should().Equal(0, 0.5f);
    }

    [Fact]
    public void The_overlap_of_the_top_pixels_of_two_maps_equals_a_hand_computed_value()
    {
        SaliencyMap first = new(5, 1, [5f, 4, 3, 2, 1]), second = new(5, 1, [5f, 1, 4, 2, 3]);
        MapSimilarity.TopIoU(first, first).Should().Be(1);
        MapSimilarity.TopIoU(first, second).Should().Be(1, "the top 20 % are one pixel, the first in both");
        MapSimilarity.TopIoU(first, second, 0.4).Should().BeApproximately(1.0 / 3, 1e-12, "{0, 1} and {0, 2}");
        MapSimilarity.TopIoU(first, new(5, 1, [1f, 2, 3, 4, 5])).Should().Be(0);
    }

    [Fact]
    public void Zeros_of_a_sparse_map_do_not_count_as_top_pixels()
    {
        SaliencyMap sparse =
            new(10, 1, [1f, .. new float[9]]), other = new(10, 1, [.. Enumerable.Range(0, 10).Select(i => 10f - i)]);
        MapSimilarity.TopIoU(sparse, other, 0.5).Should().BeApproximately(1.0 / 5, 1e-12, "{0} and {0, 1, 2, 3, 4}");
        MapSimilarity.TopIoU(sparse, new(10, 1, new float[10])).Should().Be(0, "a flat map has no top pixels");
        MapSimilarity.TopIoU(new(4, 1, [1f, 1, 0, 0]), new(4, 1, [1f, 1, 0, 0])).Should().Be(1, "ties are included");
        FluentActions.Invoking(() => MapSimilarity.TopIoU(sparse, other, 1))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_consensus_is_the_mean_and_deviation_at_each_position()
    {
        MapConsensus consensus = MapConsensus.Of([new(3, 1, [0f, 1, 0.2f]), new(3, 1, [0f, 0, 0.4f])]);
        consensus.Mean.Values.ToArray().Should().Equal(0, 0.5f, 0.3f);
        consensus.Deviation.Values.ToArray().Zip([0f, 0.5f, 0.1f])
            .Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-6f);
        FluentActions.Invoking(() => MapConsensus.Of([])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => MapConsensus.Of([new(1, 1, [0f]), new(2, 1, [0f, 0])]))
            .Should().Throw<ArgumentException>();
    }

    private static Explanation Explained(SaliencyMap map, PictureMapping mapping) =>
        new()
        {
            Method = "test",
            TargetName = "class",
            Map = map,
            RawMap = map,
            Mapping = mapping,
            ModelSha256 = "",
            IsSigned = true
        };
}
