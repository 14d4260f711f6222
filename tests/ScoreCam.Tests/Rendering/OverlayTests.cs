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
        Draw(new() { Colormap = TwoColors }).Should().Equal(50, 101, 128, 148, 25, 61);

    [Fact]
    public void Nothing_is_seen_at_opacity_zero_and_only_colour_at_one()
    {
        Draw(new() { Colormap = TwoColors, Opacity = 0 }).Should().Equal(Picture.Pixels.ToArray());
        Draw(new() { Colormap = TwoColors, Opacity = 1 }).Should().Equal(100, 101, 0, 255, 0, 61);
    }

    [Fact]
    public void Where_the_map_is_zero_the_picture_may_show_untouched() =>
        Draw(new() { Colormap = TwoColors, OpacityFollowsMap = true }).Should().Equal(0, 100, 255, 148, 25, 61);

    [Fact]
    public void Signed_values_take_the_colours_of_both_sides_and_their_magnitude_as_opacity()
    {
        SaliencyMap map = new(2, 1, [-1, 0.5f]);
        Overlay.Draw(Picture, map, new() { Colormap = TwoColors, Opacity = 1, Signed = true }).Pixels.ToArray().Should().Equal(100, 101, 0, 255, 0, 61);
        Overlay.Draw(Picture, map, new() { Colormap = TwoColors, Opacity = 1, Signed = true, OpacityFollowsMap = true }).Pixels.ToArray().Should().Equal(100, 101, 0, 148, 25, 61);
        // Unsigned, a negative value is 0: the picture shows untouched.
        Overlay.Draw(Picture, map, new() { Colormap = TwoColors, Opacity = 1, OpacityFollowsMap = true }).Pixels[..3].ToArray().Should().Equal(0, 100, 255);
        (byte red, byte green, byte blue) = Colormap.Diverging.Map(0.5f);
        Overlay.Draw(Picture, new(2, 1, [0, 0]), new() { Opacity = 1, Signed = true }).Pixels[..3].ToArray().Should().Equal(red, green, blue);
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        FluentActions.Invoking(() => Overlay.Draw(Picture, new SaliencyMap(1, 2, [0, 0])))
            .Should().Throw<ArgumentException>().WithMessage("*1 × 2*2 × 1*OnPicture*");
        FluentActions.Invoking(() => Overlay.Draw(Picture, new SaliencyMap(2, 1, [0, float.NaN])))
            .Should().Throw<ArgumentException>().WithMessage("*row 0, column 1*");
        FluentActions.Invoking(() => Draw(new() { Opacity = 1.5f })).Should().Throw<ArgumentException>().WithMessage("*Opacity is 1.5*");
        FluentActions.Invoking(() => Draw(new() { Opacity = float.NaN })).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void An_explanation_draws_on_its_own_picture_at_full_size()
    {
        Explanation why = Why(Picture);
        RgbImage drawn = why.Overlay(new() { Colormap = TwoColors });
        drawn.Pixels.ToArray().Should().Equal(50, 101, 128, 148, 25, 61);
        why.MapOnPicture().Values.ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public void An_explanation_of_a_tensor_says_why_it_has_no_overlay() =>
        FluentActions.Invoking(() => Why(null).Overlay()).Should().Throw<InvalidOperationException>().WithMessage("*tensor*Overlay(picture)*");

    private static byte[] Draw(OverlayOptions options) => Overlay.Draw(Picture, Map, options).Pixels.ToArray();

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
