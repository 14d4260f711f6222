using CsCheck;
using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Channels are grouped by mask as brute force groups them, and channels of a group have the same mask but for
/// rounding.
/// </summary>
public class EqualMaskProperties
{
    // Few values and exact multiples of them, so that there are equal masks at all.
    private static readonly Gen<(int Height, int Width, float[][] Maps)> Channels =
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3]).SelectMany((height, width) =>
        Gen.Select(Gen.OneOf(0f, 0f, 1f, 3f).Array[height * width], Gen.OneOf(1f, 2f, 0.25f, -1f, 0.1f),
            Gen.OneOf(0f, 0f, 5f, 0.1f, 3e5f), (map, factor, shift) =>
            map.Select(value => (factor * value) + shift).ToArray())
            .Array[1, 24].Select(maps => (height, width, maps)));

    [Fact]
    public void Groups_are_those_of_brute_force() =>
        Gen.Select(Channels, Gen.Enum<MaskRule>()).Sample((channels, rule) =>
    {
        (int height, int width, float[][] maps) = channels;
        ActivationMaps activations = new("layer", [.. maps.SelectMany(map => map)], maps.Length, height, width);
        EqualMasks equal = new(activations, rule);
        uint[][] keys = [.. maps.Select(map => Key(map, rule))];
        Masks generator = new(activations, rule, 7, 5);
        for (int k = 0; k < maps.Length; k++)
        {
            equal.FirstLike(k).Should().Be(Array.FindIndex(keys, key => key.SequenceEqual(keys[k])));
            Mask(generator, k).Zip(Mask(generator, equal.FirstLike(k))).Max(pair => Math.Abs(pair.First - pair.Second))
                .Should().BeLessThanOrEqualTo(1e-6f);
        }
    });

    /// <summary>
    /// The bits of a map, after min–max where the mask is made by that alone, or by that after an interpolation
    /// which only scales.
    /// </summary>
    private static uint[] Key(float[] map, MaskRule rule)
    {
        float min = map.Min(), range = map.Max() - min + (rule == MaskRule.UpsampleThenMinMax ? 0 : 1e-8f);
        bool isByShape = map.Distinct().Count() > 1
            && (rule == MaskRule.MinMaxThenUpsample || (rule != MaskRule.Tanh && min == 0));
        return [.. map.Select(value => BitConverter.SingleToUInt32Bits(isByShape ? (value - min) / range : value))];
    }

    private static float[] Mask(Masks generator, int channel)
    {
        float[] mask = new float[7 * 5];
        generator.Generate(channel, new float[generator.ScratchLength], mask);
        return mask;
    }
}
