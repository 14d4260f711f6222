using CsCheck;
using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Channels with equal masks form the same groups as by brute force, and the masks of a group are equal up to
/// rounding.
/// </summary>
public class EqualMaskProperties
{
    // Few values and exact multiples of them, so that some masks are equal.
    private static readonly Gen<(int Height, int Width, float[][] Maps)> Channels =
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3]).SelectMany((height, width) =>
        Gen.Select(Gen.OneOf(0f, 0f, 1f, 3f).Array[height * width], Gen.OneOf(1f, 2f, 0.25f, -1f, 0.1f),
            Gen.OneOf(0f, 0f, 5f, 0.1f, 3e5f), (map, factor, shift) =>
            map.Select(value => (factor * value) + shift).ToArray())
            .Array[1, 24].Select(maps => (height, width, maps)));

    [Fact]
    public void Groups_equal_those_of_brute_force() =>
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
    /// The bits of a map. They are taken after min–max where the mask is computed by min–max alone, or by min–max
    /// after an interpolation that only scales.
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
