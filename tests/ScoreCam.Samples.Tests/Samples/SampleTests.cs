using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Skia;
using Xunit;

namespace ScoreCam.Samples.Tests.Samples;

/// <summary>The samples that run to their end, each as a process of its own.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("Quickstart", "cat: 95 %", "why.png")]
    [InlineData("SeveralTargets", "cat rather than cup", "why-targets.png")]
    [InlineData("ChoosingALayer", "* /layer3/layer3.1/Relu_1_output_0  128 maps of 8 × 8", "why-layers.png")]
    [InlineData("OwnPreprocessing", "own tensor: cup 54 %", "why-input.png", "why-letterbox.png", "why-tensor.png")]
    [InlineData("CustomTarget", "any animal", "why-cup-or-watch.png", "why-any-animal.png")]
    [InlineData("ImageSharpAndSkia", "cat 95 % and cat 95 %; the maps differ by 0.000", "why-imagesharp.png", "why-skia.png")]
    public async Task It_says_what_it_found_and_draws_it(string sample, string said, params string[] pictures)
    {
        using Clone clone = new();

        (int exitCode, string output) = await clone.Run(sample);

        exitCode.Should().Be(0, output);
        output.Should().Contain(said);
        foreach (string picture in pictures)
            SkiaImage.Load(clone.File(picture)).Pixels.ToArray().Distinct().Should().HaveCountGreaterThan(50, picture);
    }

    [Fact]
    public async Task A_custom_target_lies_on_its_half_of_the_collage()
    {
        using Clone clone = new();

        await clone.Run("CustomTarget");

        // Opacity follows the map: where the overlay differs from the photograph, the target has its evidence.
        (double left, double right) = ChangeOfHalves(clone, "why-any-animal.png");
        left.Should().BeGreaterThan(3 * right, "the cat is on the left");
        (left, right) = ChangeOfHalves(clone, "why-cup-or-watch.png");
        right.Should().BeGreaterThan(2 * left, "the cup is on the right");
    }

    private static (double Left, double Right) ChangeOfHalves(Clone clone, string overlay)
    {
        RgbImage before = SkiaImage.Load(clone.File(Path.Combine("photos", "collage.png"))), after = SkiaImage.Load(clone.File(overlay));
        double[] halves = new double[2];
        for (int i = 0; i < before.Pixels.Length; i++)
            halves[i / 3 % before.Width * 2 / before.Width] += Math.Abs(before.Pixels[i] - after.Pixels[i]);
        return (halves[0], halves[1]);
    }
}
