using FluentAssertions;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class ColormapTests
{
    // Computed with matplotlib 3.6.
    [Theory]
    [InlineData("Viridis", 0f, 68, 1, 84)]
    [InlineData("Viridis", 0.1f, 72, 36, 117)]
    [InlineData("Viridis", 0.25f, 59, 82, 139)]
    [InlineData("Viridis", 0.5f, 33, 145, 140)]
    [InlineData("Viridis", 0.7f, 68, 191, 112)]
    [InlineData("Viridis", 0.9f, 189, 223, 38)]
    [InlineData("Viridis", 1.0f, 253, 231, 37)]
    [InlineData("Inferno", 0f, 0, 0, 4)]
    [InlineData("Inferno", 0.1f, 22, 11, 57)]
    [InlineData("Inferno", 0.25f, 87, 16, 110)]
    [InlineData("Inferno", 0.5f, 188, 55, 84)]
    [InlineData("Inferno", 0.7f, 243, 120, 25)]
    [InlineData("Inferno", 0.9f, 246, 215, 70)]
    [InlineData("Inferno", 1.0f, 252, 255, 164)]
    [InlineData("Turbo", 0f, 48, 18, 59)]
    [InlineData("Turbo", 0.1f, 69, 89, 203)]
    [InlineData("Turbo", 0.25f, 40, 188, 235)]
    [InlineData("Turbo", 0.5f, 164, 252, 60)]
    [InlineData("Turbo", 0.7f, 254, 164, 49)]
    [InlineData("Turbo", 0.9f, 195, 37, 3)]
    [InlineData("Turbo", 1.0f, 122, 4, 3)]
    public void Colours_equal_those_of_Matplotlib(string name, float value, byte red, byte green, byte blue)
    {
        Colormap map = name switch
        {
            "Viridis" => Colormap.Viridis,
            "Inferno" => Colormap.Inferno,
            _ => Colormap.Turbo,
        };
        map.Map(value).Should().Be((red, green, blue));
    }

    [Theory]
    [InlineData(0, 0, 0, 128)]
    [InlineData(51, 0, 76, 255)]
    [InlineData(102, 26, 255, 230)]
    [InlineData(153, 230, 255, 26)]
    [InlineData(204, 255, 76, 0)]
    [InlineData(255, 128, 0, 0)]
    public void Jet_runs_from_blue_through_cyan_and_yellow_to_red(int entry, byte red, byte green, byte blue)
    {
        // By hand: each colour is a trapezoid, 1.5 − |4v − 3|, − 2 and − 1, clipped to 0…1, at v = entry / 255.
        (byte r, byte g, byte b) = Colormap.Jet.Map((entry + 0.5f) / 256);
        ((int)r).Should().BeCloseTo(red, 1);
        ((int)g).Should().BeCloseTo(green, 1);
        ((int)b).Should().BeCloseTo(blue, 1);
    }

    [Fact]
    public void Values_outside_0_to_1_are_clamped()
    {
        Colormap map = new([1, 2, 3, 4, 5, 6]);
        map.Map(float.NegativeInfinity).Should().Be(((byte)1, (byte)2, (byte)3));
        map.Map(0.49f).Should().Be(((byte)1, (byte)2, (byte)3));
        map.Map(0.5f).Should().Be(((byte)4, (byte)5, (byte)6));
        map.Map(float.PositiveInfinity).Should().Be(((byte)4, (byte)5, (byte)6));
    }

    [Fact]
    public void NaN_is_refused() =>
        FluentActions.Invoking(() => Colormap.Jet.Map(float.NaN)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_table_without_three_bytes_per_colour_is_refused(int length) =>
        FluentActions.Invoking(() => new Colormap(new byte[length]))
            .Should().Throw<ArgumentException>().WithMessage($"*{length}*");

    [Fact]
    public void Diverging_is_blue_below_neutral_in_the_middle_and_red_above_with_equal_lightness()
    {
        (byte red, byte green, byte blue) = Colormap.Diverging.Map(0.5f);
        red.Should().Be(green).And.Be(blue);
        for (int i = 1; i <= 20; i++)
        {
            (byte Red, byte Green, byte Blue) low = Colormap.Diverging.Map(0.5f - (i / 40f));
            (byte Red, byte Green, byte Blue) high = Colormap.Diverging.Map(0.5f + (i / 40f));
            low.Blue.Should().BeGreaterThan(low.Red);
            high.Red.Should().BeGreaterThan(high.Blue);
            Luma(low).Should().BeApproximately(Luma(high), 30, "equal magnitudes look equally strong");
            Luma(low).Should().BeLessThan(Luma(Colormap.Diverging.Map(0.5f - ((i - 1) / 40f))));
            Luma(high).Should().BeLessThan(Luma(Colormap.Diverging.Map(0.5f + ((i - 1) / 40f))));
        }

        static double Luma((byte Red, byte Green, byte Blue) color) =>
            (0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue);
    }
}
