using FluentAssertions;
using ScoreCam.Methods;
using Xunit;

namespace ScoreCam.Tests.Methods;

public class MapNormalizerTests
{
    [Fact]
    public void Unsigned_maps_lose_negative_values_and_span_0_to_1()
    {
        SaliencyMap map = new MapNormalizer(MapRule.UpsampleThenMinMax, signed: false, 1, 4)
            .Normalize(new(4, 1, [-2, 1, 4, 0]), out bool isFlat);
        map.Values.ToArray().Should().Equal(0, 0.25f, 1, 0);
        isFlat.Should().BeFalse();
    }

    [Theory]
    [InlineData((int)MapRule.UpsampleThenMinMax)]
    [InlineData((int)MapRule.MinMaxUpsampleMinMax)]
    [InlineData((int)MapRule.MinMaxOnly)]
    public void Signed_maps_keep_their_sign_and_their_zero(int rule)
    {
        SaliencyMap map = new MapNormalizer((MapRule)rule, signed: true, 1, 4)
            .Normalize(new(4, 1, [-8, 2, 4, 0]), out bool isFlat);
        map.Values.ToArray().Should().Equal(-1, 0.25f, 0.5f, 0);
        isFlat.Should().BeFalse();
    }

    [Fact]
    public void Signed_maps_are_divided_after_upsampling()
    {
        // Half-pixel upsampling of (−2, 2) to 4 gives −2, −1, 1, 2; to 3 it gives −2, 0, 2.
        new MapNormalizer(MapRule.UpsampleThenMinMax, signed: true, 1, 4)
            .Normalize(new(2, 1, [-2, 2]), out _).Values.ToArray().Should().Equal(-1, -0.5f, 0.5f, 1);
        new MapNormalizer(MapRule.MinMaxOnly, signed: true, 1, 4).Normalize(new(2, 1, [-2, 2]), out _).Values.ToArray()
            .Should().Equal(-1, 1);
    }

    [Theory]
    [InlineData(false, -1, -2)]
    [InlineData(false, 3, 3)]
    [InlineData(true, 3, 3)]
    [InlineData(true, 0, 0)]
    public void A_flat_map_is_all_zeros(bool signed, float a, float b)
    {
        SaliencyMap map = new MapNormalizer(MapRule.UpsampleThenMinMax, signed, 2, 2)
            .Normalize(new(2, 1, [a, b]), out bool isFlat);
        isFlat.Should().BeTrue();
        map.Values.ToArray().Should().Equal(0, 0, 0, 0);
    }

    [Fact]
    public void The_mean_of_maps_is_computed_at_the_resolution_of_the_input_and_normalised_again()
    {
        SaliencyMap[] maps = [new(4, 1, [0, 0, 1, 0.5f]), new(2, 1, [0, 1])];
        // The second becomes 0, 0.25, 0.75, 1.
        (SaliencyMap map, SaliencyMap mean) =
            new MapNormalizer(MapRule.UpsampleThenMinMax, signed: false, 1, 4)
            .Combine(maps, LayerCombination.Mean, out _);
        mean.Values.ToArray().Should().Equal(0, 0.125f, 0.875f, 0.75f);
        map.Values.ToArray().Should().Equal(0, 0.125f / 0.875f, 1, 0.75f / 0.875f);

        (SaliencyMap signedMap, _) =
            new MapNormalizer(MapRule.UpsampleThenMinMax, signed: true, 1, 2)
            .Combine([new(2, 1, [-1, 0.5f]), new(2, 1, [-0.5f, 0.5f])], LayerCombination.Mean, out _);
        signedMap.Values.ToArray().Should().Equal(-1, 0.5f / 0.75f);
    }
}
