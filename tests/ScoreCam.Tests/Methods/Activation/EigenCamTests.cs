using FluentAssertions;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using Xunit;

namespace ScoreCam.Tests.Methods.Activation;

public class EigenCamTests
{
    [Fact]
    public void The_map_of_one_pattern_at_several_strengths_is_the_pattern()
    {
        // A_k = s_k · u with |u| = 5, |s| = 3: σ₁u₁ = 3 u.
        float[] pattern = [0, 3, 0, 4, 0, 0], strengths = [1, 2, 2];
        var maps = new ActivationMaps("layer", [.. strengths.SelectMany(s => pattern.Select(u => s * u))], 3, 2, 3);
        PrincipalMap.Of(maps, TestContext.Current.CancellationToken).AsSpan().ToArray().Should()
            .BeEquivalentTo(new float[] { 0, 9, 0, 12, 0, 0 }, o =>
            o.WithStrictOrdering().Using<float>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-4f))
            .WhenTypeIs<float>());
    }

    // numpy.linalg.svd of the positions × channels matrix; signs as documented.
    [Theory]
    [InlineData(new float[] { 1.76f, 0.4f, 0.98f, 2.24f, 1.87f, -0.98f, 0.95f, -0.15f, -0.1f, 0.41f, 0.14f, 1.45f },
        3, new float[] { 2.290375f, 0.03746124f, 1.289186f, 2.260572f })]
    [InlineData(new float[] { 0.76f, 0.12f, 0.44f, 0.33f, 1.49f, -0.21f, 0.31f, -0.85f, -2.55f, 0.65f, 0.86f, -0.74f,
        2.27f, -1.45f, 0.05f, -0.19f, 1.53f, 1.47f, 0.15f, 0.38f }, 5,
        new float[] { 4.072114f, -0.9313106f, -0.3086373f, 0.2397083f })]
    public void Activations_of_both_signs_give_the_same_projection_as_NumPy(float[] activations, int channels,
        float[] expected)
    {
        PrincipalMap.Of(new ActivationMaps("layer", activations, channels, 2, 2),
            TestContext.Current.CancellationToken).AsSpan().ToArray()
            .Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void The_map_is_the_same_for_every_target_and_zero_for_a_dead_layer()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var both = new EigenCamExplainer(model).On(Tiny.Picture(), [Target.Class(0), Target.Class(1)]);
        both[0].Map.Values.LargestDifference(both[1].Map.Values).Should().Be(0);
        PrincipalMap.Of(new ActivationMaps("layer", new float[12], 3, 2, 2), TestContext.Current.CancellationToken)
            .Should().OnlyContain(v => v == 0);
    }
}
