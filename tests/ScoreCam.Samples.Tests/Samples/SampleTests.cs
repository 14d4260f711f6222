using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Samples.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Samples;

/// <summary>Runs each sample that ends by itself in a separate process.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("Quickstart", "Egyptian cat: 64 %", "why.png")]
    [InlineData("SeveralTargets", "Egyptian cat rather than tabby, tabby cat", "why-targets.png")]
    [InlineData("ChoosingALayer", "* fire9/concat_1  512 maps of 13 × 13", "why-layers.png")]
    [InlineData("OwnPreprocessing", "own tensor: espresso 100 %", "why-input.png", "why-letterbox.png")]
    [InlineData("CustomTarget", "any cat", "why-espresso-or-cup.png", "why-any-cat.png")]
    [InlineData("OwnLayerMethod", "Egyptian cat (0.6", "why-own-layer.png")]
    [InlineData("OwnPerturbationMethod", "Spotlight, 196 passes", "why-own-perturbation.png")]
    [InlineData("ImageSharpAndSkia", "The maps differ by 0.000.", "why-imagesharp.png", "why-skia.png")]
    public async Task A_sample_prints_its_answer_and_writes_pictures(
        string sample, string answer, params string[] pictures)
    {
        using Clone clone = new();

        (int exitCode, string output) = await clone.Run(sample);

        exitCode.Should().Be(0, output);
        output.Should().Contain(answer);
        foreach (string picture in pictures)
        {
            IEnumerable<byte> values = ImageSharpImage.Load(clone.File(picture)).Pixels.ToArray().Distinct();
            values.Should().HaveCountGreaterThan(50, picture);
        }
    }

    [Fact]
    public async Task The_map_of_a_custom_target_is_on_the_correct_half_of_the_collage()
    {
        using Clone clone = new();

        await clone.Run("CustomTarget");

        // The opacity follows the map, so the overlay differs from the photograph where the map is high.
        (double left, double right) = ChangeOfHalves(clone, "why-any-cat.png");
        left.Should().BeGreaterThan(2 * right, "the cat is on the left");
        (left, right) = ChangeOfHalves(clone, "why-espresso-or-cup.png");
        right.Should().BeGreaterThan(2 * left, "the cup is on the right");
    }

    private static (double Left, double Right) ChangeOfHalves(Clone clone, string overlay)
    {
        RgbImage before = ImageSharpImage.Load(clone.File(Path.Combine("photos", "collage.png")));
        RgbImage after = ImageSharpImage.Load(clone.File(overlay));
        double[] halves = new double[2];
        for (int i = 0; i < before.Pixels.Length; i++)
            halves[i / 3 % before.Width * 2 / before.Width] += Math.Abs(before.Pixels[i] - after.Pixels[i]);
        return (halves[0], halves[1]);
    }
}
