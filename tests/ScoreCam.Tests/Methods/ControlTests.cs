using FluentAssertions;
using ScoreCam.Methods;
using ScoreCam.Tests.Golden;
using Xunit;

namespace ScoreCam.Tests.Methods;

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

    [Fact]
    public void Random_weights_are_fixed_by_seed_and_picture_not_by_the_target()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        float[] Map(int seed, int picture = 3) => new RandomWeightsCamExplainer(model, new() { Seed = seed }).On(Tiny.Picture(picture)).RawMap.Values.ToArray();
        Map(1).Should().Equal(Map(1)).And.NotEqual(Map(2)).And.NotEqual(Map(1, picture: 4));
        var both = new RandomWeightsCamExplainer(model).On(Tiny.Picture(), [Target.Class(0), Target.Class(1)]);
        both[0].Map.Values.LargestDifference(both[1].Map.Values).Should().Be(0);
    }

    [Fact]
    public void Random_weights_agree_with_CAM_no_better_than_chance_and_the_map_is_not_stretched_to_zero()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        float[] cam = new CamExplainer(model).On(Tiny.Picture(), Target.Class(1)).RawMap.Values.ToArray();
        Explanation[] maps = [.. Enumerable.Range(0, 400).Select(seed => new RandomWeightsCamExplainer(model, new() { Seed = seed }).On(Tiny.Picture()))];
        // Signs are symmetric, so the mean over draws is zero; its standard error is at most 1/√400.
        maps.Average(map => Tiny.Correlation(map.RawMap.Values.ToArray(), cam)).Should().BeInRange(-0.16, 0.16);
        maps.SelectMany(map => map.Map.Values.ToArray()).Should().OnlyContain(v => v >= 0 && v <= 1);
        Explanation positive = maps.First(map => map.RawMap.Values.ToArray().Min() > 0);
        float max = positive.RawMap.Values.ToArray().Max();
        positive.Map.Values.LargestDifference([.. positive.RawMap.Values.ToArray().Select(v => v / max)]).Should().BeLessThan(1e-6f);
    }
}
