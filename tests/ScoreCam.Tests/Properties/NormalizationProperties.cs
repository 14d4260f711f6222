using CsCheck;
using FluentAssertions;
using ScoreCam.Numerics;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Min–max and division by the largest magnitude: the range, the ends, the order, and the same result when repeated.
/// </summary>
public class NormalizationProperties
{
    private static readonly Gen<float[]> Values = Gen.OneOf(
        Gen.UInt.Uniform.Select(BitConverter.UInt32BitsToSingle)
            .Where(value => float.Abs(value) <= Statistics.LargestUsable), Gen.Single[-1, 1],
            Gen.Int[-2, 2].Select(value => (float)value)).Array[1, 40];

    [Fact]
    public void Min_max_gives_values_from_0_to_1_and_is_idempotent() => Values.Sample(values =>
    {
        float[] once = [.. values];
        bool varies = values.Distinct().Count() > 1;
        Statistics.NormalizeMinMax(once).Should().Be(varies);
        (once.Min(), once.Max()).Should().Be((0, varies ? 1 : 0));
        InOrderOf(values, once);
        float[] twice = [.. once];
        Statistics.NormalizeMinMax(twice);
        twice.Should().Equal(once);
    });

    [Fact]
    public void Signed_normalization_keeps_the_signs_and_is_idempotent() => Values.Sample(values =>
    {
        float[] once = [.. values];
        bool varies = values.Distinct().Count() > 1;
        Statistics.NormalizeSigned(once).Should().Be(varies);
        once.Max(float.Abs).Should().Be(varies ? 1 : 0);
        once.Zip(values).All(pair => !varies || pair.First == 0 || float.Sign(pair.First) == float.Sign(pair.Second))
            .Should().BeTrue();
        InOrderOf(values, once);
        float[] twice = [.. once];
        Statistics.NormalizeSigned(twice);
        twice.Should().Equal(once);
    });

    private static void InOrderOf(float[] values, float[] normalized) =>
        values.Zip(normalized).OrderBy(pair => pair.First).Select(pair => pair.Second).Should().BeInAscendingOrder();
}
