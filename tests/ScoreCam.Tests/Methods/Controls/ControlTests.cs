using FluentAssertions;
using ScoreCam.Methods.Controls;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
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
                map[i].Should().BeApproximately(Math.Max(0, raw[i]) / raw.Max(), 1e-5f, "the map is divided by its maximum and not stretched to zero");
        }
        // The standard deviation of a share is about 0.1, that of their mean 0.006.
        shares.Average().Should().BeInRange(3 / 8.0 - 0.03, 3 / 8.0 + 0.03);
    }
}
