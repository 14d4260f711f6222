using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>
/// A network that responds to brightness only. In pictures of any shape, the map must show the spot at its position on
/// the original.
/// </summary>
public class BrightestSpotTests
{
    /// <summary>
    /// 3 × 32 × 32 → brightness → 8 × 8 → its mean: the only live activation map is the picture itself, and the other
    /// one is dead.
    /// </summary>
    private static readonly byte[] Network = new TinyModel().Input("image", -1, 3, 32, 32)
        .Initializer("weight", [2, 3, 1, 1], [1 / 3f, 1 / 3f, 1 / 3f, -1, -1, -1])
        .Op("Conv", "brightness", ["image", "weight"]).AveragePool("coarse", 4).Relu("features")
        .GlobalAveragePool("gap").Flatten("logits").Output().ToBytes();

    [Theory]
    // Fit, size of the picture, and the centre of the spot.
    [InlineData(Fit.Stretch, 200, 100, 160, 40)]
    [InlineData(Fit.Stretch, 200, 100, 30, 80)]
    [InlineData(Fit.Stretch, 64, 256, 20, 200)]
    [InlineData(Fit.Stretch, 16, 16, 8, 8)]
    [InlineData(Fit.CenterCrop, 200, 100, 120, 30)]
    [InlineData(Fit.CenterCrop, 100, 200, 70, 130)]
    [InlineData(Fit.CenterCrop, 96, 96, 60, 36)]
    [InlineData(Fit.Letterbox, 200, 100, 160, 40)]
    [InlineData(Fit.Letterbox, 100, 200, 30, 150)]
    [InlineData(Fit.Letterbox, 301, 97, 60, 70)]
    public void The_map_on_the_original_has_its_centre_on_the_spot(Fit fit, int width, int height, int x, int y)
    {
        SaliencyMap map = Explain(fit, Spot(width, height, x, y)).MapOnPicture();

        (map.Width, map.Height).Should().Be((width, height));
        (double centreX, double centreY) = Centre(map);
        // A cell of the layer is an eighth of the visible region. Interpolation keeps the centre of a cell, and the
        // spot can lie anywhere in it.
        double side =
            fit == Fit.Stretch ? 0 : fit == Fit.CenterCrop ? Math.Min(width, height) : Math.Max(width, height);
        (double cellX, double cellY) = side == 0 ? (width / 8.0, height / 8.0) : (side / 8.0, side / 8.0);
        centreX.Should().BeApproximately(x, (0.5 * cellX) + 0.5);
        centreY.Should().BeApproximately(y, (0.5 * cellY) + 0.5);
        map.Values.ToArray().Max().Should().BeGreaterThan(0.9f);
    }

    [Fact]
    public void Pixels_outside_a_centre_crop_are_zero()
    {
        SaliencyMap map = Explain(Fit.CenterCrop, Spot(200, 100, 120, 30, background: 60)).MapOnPicture();
        for (int y = 0; y < 100; y += 9)
        {
            map[y, 49].Should().Be(0);
            map[y, 150].Should().Be(0);
        }
        Explain(Fit.CenterCrop, Spot(200, 100, 20, 50)).Warnings
            .Should().ContainSingle("the network does not see the spot").Which.Should().Contain("blank");
    }

    [Fact]
    public void The_border_of_a_letterbox_is_not_part_of_the_original()
    {
        // A white border is the brightest part of the input; on the picture itself only the spot is left.
        Explanation why = Explain(Fit.Letterbox, Spot(200, 100, 160, 40), new(255, 255, 255));
        why.Map[0, 16].Should().Be(1);
        why.Map[31, 16].Should().Be(1);
        SaliencyMap map = why.MapOnPicture();
        (map.Width, map.Height).Should().Be((200, 100));
        map[40, 160].Should().BeGreaterThan(map[60, 60]).And.BeGreaterThan(map[50, 100]);
    }

    [Fact]
    public void The_overlay_colours_the_spot_on_the_full_size_original()
    {
        RgbImage overlay = Explain(Fit.Letterbox, Spot(200, 100, 160, 40)).Overlay(new() { Opacity = 1 });
        (overlay.Width, overlay.Height).Should().Be((200, 100));
        ReadOnlySpan<byte> hot = overlay.Pixels.Slice(3 * ((200 * 40) + 160), 3);
        ReadOnlySpan<byte> cold = overlay.Pixels.Slice(3 * ((200 * 90) + 10), 3);
        hot.SequenceEqual(cold).Should().BeFalse();
    }

    private static Explanation Explain(Fit fit, RgbImage picture, System.Numerics.Vector3 border = default)
    {
        Preprocessing preprocessing = Preprocessing.Unit with { Fit = fit, PadColor = border };
        using ImageModel model = ImageModel.Load(Network, new() { Preprocessing = preprocessing });
        return new ScoreCamExplainer(model, new() { Layers = ["features"] })
            .Explain(picture, Target.Class(0), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>A white square, an eighth of the shorter side, on a dark ground.</summary>
    private static RgbImage Spot(int width, int height, int x, int y, byte background = 0)
    {
        byte[] pixels = new byte[3 * width * height];
        Array.Fill(pixels, background);
        int half = Math.Max(1, Math.Min(width, height) / 16);
        for (int row = y - half; row < y + half; row++)
            pixels.AsSpan(3 * ((row * width) + x - half), 6 * half).Fill(255);
        return new RgbImage(width, height, pixels);
    }

    private static (double X, double Y) Centre(SaliencyMap map)
    {
        double sum = 0, sumX = 0, sumY = 0;
        for (int y = 0; y < map.Height; y++)
            for (int x = 0; x < map.Width; x++)
            {
                sum += map[y, x];
                sumX += map[y, x] * (x + 0.5);
                sumY += map[y, x] * (y + 0.5);
            }
        return (sumX / sum, sumY / sum);
    }
}
