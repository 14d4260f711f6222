using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Samples;

/// <summary>The pictures of the documents are those that the gallery creates.</summary>
public class GalleryTests
{
    [Fact]
    public async Task The_gallery_creates_every_picture_of_the_documents()
    {
        using Clone clone = new();
        string kept = Path.Combine(SharedFolder.Repository, "docs", "images"), made = clone.File("made");

        (int exitCode, string output) = await clone.Run("gallery", made);

        exitCode.Should().Be(0, output);
        string[] names = [.. Directory.GetFiles(kept).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Directory.GetFiles(made).Select(Path.GetFileName).Should().BeEquivalentTo(names);
        // Processors differ in the last bit of a product. Pictures are equal if they look equal.
        foreach (string name in names)
        {
            RgbImage today = ImageSharpImage.Load(Path.Combine(made, name));
            MeanDifference(ImageSharpImage.Load(Path.Combine(kept, name)), today).Should().BeLessThan(1, name);
        }
    }

    private static double MeanDifference(RgbImage one, RgbImage other)
    {
        (one.Width, one.Height).Should().Be((other.Width, other.Height));
        double sum = 0;
        for (int i = 0; i < one.Pixels.Length; i++)
            sum += Math.Abs(one.Pixels[i] - other.Pixels[i]);
        return sum / one.Pixels.Length;
    }
}
