using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class OverlayTests
{
    private static readonly RgbImage Picture = new(2, 1, [0, 100, 255, 40, 50, 60]);
    private static readonly SaliencyMap Map = new(2, 1, [0, 1]);
    private static readonly Colormap TwoColors = new([100, 101, 0, 255, 0, 61]);

    [Fact]
    public void Colours_are_mixed_and_rounded() =>
        Draw(Even with { Opacity = 0.5f }).Should().Equal(50, 101, 128, 148, 25, 61);

    [Fact]
    public void Opacity_zero_gives_the_picture_and_opacity_one_gives_the_colour()
    {
        Draw(Even with { Opacity = 0 }).Should().Equal(Picture.Pixels.ToArray());
        Draw(Even with { Opacity = 1 }).Should().Equal(100, 101, 0, 255, 0, 61);
    }

    [Fact]
    public void By_default_only_pixels_with_evidence_are_coloured()
    {
        // Where the map is 0 the picture stays. Where it is 1, seven tenths are colour: 40 + 0.7 · 215 = 190.5.
        Draw(new() { Colormap = TwoColors }).Should().Equal(0, 100, 255, 191, 15, 61);
        // At half of 0.7 the opacity is half of 0.7: 100 + 0.35 · (200 − 100) = 135. From 0.7 on it is full.
        RgbImage grey = new(4, 1, [.. Enumerable.Repeat<byte>(100, 12)]);
        byte[] drawn = Overlay.Draw(grey, new(4, 1, [0, 0.35f, 0.7f, 1]), new() { Colormap = new([200, 200, 200]) })
            .Pixels.ToArray();
        drawn.Chunk(3).Select(pixel => pixel[0]).Should().Equal(100, 135, 170, 170);
    }

    [Fact]
    public void The_opacity_never_falls_as_the_map_rises()
    {
        float[] opacities = [.. Enumerable.Range(0, 101).Select(i => new OverlayOptions().OpacityOf(i / 100f))];
        opacities.Should().BeInAscendingOrder();
        (opacities[0], opacities[100]).Should().Be((0, 0.7f));
        opacities[5].Should().BeLessThan(0.02f, "noise near zero stays invisible");
    }

    [Fact]
    public void A_map_is_drawn_in_colours_without_a_picture()
    {
        TwoColors.Draw(Map).Pixels.ToArray().Should().Equal(100, 101, 0, 255, 0, 61);
        RgbImage signed = Colormap.Diverging.Draw(new(3, 1, [-1, 0, 1]), signed: true);
        (byte, byte, byte)[] colors = [.. signed.Pixels.ToArray().Chunk(3).Select(p => (p[0], p[1], p[2]))];
        colors.Should().Equal(Colormap.Diverging.Map(0), Colormap.Diverging.Map(0.5f), Colormap.Diverging.Map(1));
        FluentActions.Invoking(() => TwoColors.Draw(new(2, 1, [0, float.NaN])))
            .Should().Throw<ArgumentException>().WithMessage("*row 0, column 1*");
    }

    [Fact]
    public void Signed_values_use_both_sides_of_the_colormap_and_their_magnitude_as_opacity()
    {
        SaliencyMap map = new(2, 1, [-1, 0.35f]);
        OverlayOptions full = Even with { Opacity = 1 };
        Draw(full with { Signed = true }, map).Should().Equal(100, 101, 0, 255, 0, 61);
        // 0.35 is half of 0.7, so the opacity of the second pixel is one half.
        Draw(full with { Signed = true, OpacityFollowsMap = true }, map).Should().Equal(100, 101, 0, 148, 25, 61);
        // An unsigned negative value counts as 0, and the picture stays as it is.
        Draw(full with { OpacityFollowsMap = true }, map)[..3].Should().Equal(0, 100, 255);
        (byte red, byte green, byte blue) = Colormap.Diverging.Map(0.5f);
        OverlayOptions diverging = new() { Opacity = 1, OpacityFollowsMap = false, Signed = true };
        Draw(diverging, new(2, 1, [0, 0]))[..3].Should().Equal(red, green, blue);
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        FluentActions.Invoking(() => Overlay.Draw(Picture, new SaliencyMap(1, 2, [0, 0])))
            .Should().Throw<ArgumentException>().WithMessage("*1 × 2*2 × 1*OnPicture*");
        FluentActions.Invoking(() => Overlay.Draw(Picture, new SaliencyMap(2, 1, [0, float.NaN])))
            .Should().Throw<ArgumentException>().WithMessage("*row 0, column 1*");
        FluentActions.Invoking(() => Draw(new() { Opacity = 1.5f }))
            .Should().Throw<ArgumentException>().WithMessage("*Opacity is 1.5*");
        FluentActions.Invoking(() => Draw(new() { Opacity = float.NaN })).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_overlay_is_drawn_on_the_explained_picture_at_full_size()
    {
        Explanation why = Why(Picture);
        RgbImage drawn = why.Overlay(Even with { Opacity = 0.5f });
        drawn.Pixels.ToArray().Should().Equal(50, 101, 128, 148, 25, 61);
        why.MapOnPicture().Values.ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public void The_overlay_of_an_explained_tensor_is_refused_with_the_reason() =>
        FluentActions.Invoking(() => Why(null).Overlay())
            .Should().Throw<InvalidOperationException>().WithMessage("*tensor*Overlay(picture)*");

    private static OverlayOptions Even => new() { Colormap = TwoColors, OpacityFollowsMap = false };

    private static byte[] Draw(OverlayOptions options, SaliencyMap? map = null) =>
        Overlay.Draw(Picture, map ?? Map, options).Pixels.ToArray();

    private static Explanation Why(RgbImage? picture) => new()
    {
        Method = "test",
        TargetName = "cat",
        Map = Map,
        RawMap = Map,
        Picture = picture,
        Mapping = PictureMapping.Identity(2, 1),
        ModelSha256 = "",
    };
}
