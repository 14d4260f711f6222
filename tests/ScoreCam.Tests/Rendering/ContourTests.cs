using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class ContourTests
{
    [Fact]
    public void A_cone_gives_a_closed_circle()
    {
        // 1 − r / 20 around (25, 20): the value 0.5 lies on the circle of radius 10.
        IEnumerable<float> radii = Enumerable.Range(0, 2000).Select(i => Radius((i % 50) + 0.5f, (i / 50) + 0.5f));
        SaliencyMap map = new(50, 40, [.. radii.Select(radius => 1 - (radius / 20))]);
        List<Segment> segments = Contour.Segments(map, 0.5f);
        segments.Max(s => Math.Max(Math.Abs(Radius(s.X1, s.Y1) - 10), Math.Abs(Radius(s.X2, s.Y2) - 10)))
            .Should().BeLessThan(0.02f);
        segments.Sum(s => Math.Sqrt(Math.Pow(s.X1 - s.X2, 2) + Math.Pow(s.Y1 - s.Y2, 2)))
            .Should().BeApproximately(20 * Math.PI, 0.3);
        segments.SelectMany(s => new[] { (X: s.X1, Y: s.Y1), (X: s.X2, Y: s.Y2) })
            .GroupBy(p => (MathF.Round(p.X, 3), MathF.Round(p.Y, 3)))
            .Should().OnlyContain(group => group.Count() == 2, "the contour is closed");

        static float Radius(float x, float y) => MathF.Sqrt(((x - 25) * (x - 25)) + ((y - 20) * (y - 20)));
    }

    [Theory]
    // One corner is inside: the crossings divide the sides in proportion to the values.
    [InlineData(new[] { 1f, 0, 0, 0 }, 0.25f, new[] { 1.25f, 0.5f, 0.5f, 1.25f })]
    [InlineData(new[] { 1f, 1, 0, 0 }, 0.5f, new[] { 1.5f, 1, 0.5f, 1 })]
    // Saddles: the mean decides whether the two high corners meet.
    [InlineData(new[] { 1f, 0, 0, 1 }, 0.75f, new[] { 0.75f, 0.5f, 0.5f, 0.75f, 1.25f, 1.5f, 1.5f, 1.25f })]
    [InlineData(new[] { 1f, 0, 0, 1 }, 0.25f, new[] { 1.25f, 0.5f, 1.5f, 0.75f, 0.75f, 1.5f, 0.5f, 1.25f })]
    [InlineData(new[] { 0f, 1, 1, 0 }, 0.25f, new[] { 0.75f, 0.5f, 0.5f, 0.75f, 1.25f, 1.5f, 1.5f, 1.25f })]
    [InlineData(new[] { 0f, 1, 1, 0 }, 0.75f, new[] { 1.25f, 0.5f, 1.5f, 0.75f, 0.75f, 1.5f, 0.5f, 1.25f })]
    public void Four_pixels_give_the_hand_drawn_contour(float[] values, float threshold, float[] expected)
    {
        static float[] Key(float x1, float y1, float x2, float y2) =>
            (x1, y1).CompareTo((x2, y2)) < 0 ? [x1, y1, x2, y2] : [x2, y2, x1, y1];
        IEnumerable<string> found =
            Contour.Segments(new(2, 2, values), threshold).Select(s => string.Join(' ', Key(s.X1, s.Y1, s.X2, s.Y2)));
        found.Should().BeEquivalentTo(expected.Chunk(4).Select(s => string.Join(' ', Key(s[0], s[1], s[2], s[3]))));
    }

    [Fact]
    public void A_contour_is_an_antialiased_line_of_the_given_thickness()
    {
        // The value 0.5 lies on the vertical line x = 10.25.
        SaliencyMap map = new(20, 6, [.. Enumerable.Range(0, 120).Select(i => ((i % 20) + 0.5f - 10.25f) + 0.5f)]);
        LineOptions line = new() { Color = (200, 100, 50), Thickness = 3, Rim = false };
        RgbImage drawn = Contour.Draw(new(20, 6, new byte[360]), map, 0.5f, line);
        byte[] row = [.. Enumerable.Range(0, 20).Select(x => drawn.Pixels[3 * ((3 * 20) + x)])];
        // 8.75 … 11.75: a quarter of pixel 8, pixels 9 and 10, three quarters of pixel 11.
        row.Should().Equal(0, 0, 0, 0, 0, 0, 0, 0, 50, 200, 200, 150, 0, 0, 0, 0, 0, 0, 0, 0);
        drawn.Pixels.Slice(3 * ((3 * 20) + 9), 3).ToArray().Should().Equal(200, 100, 50);
    }

    [Fact]
    public void A_rim_separates_the_line_from_a_white_background()
    {
        byte[] white = new byte[3 * 21 * 5];
        Array.Fill(white, byte.MaxValue);
        SaliencyMap map = new(21, 5, [.. Enumerable.Range(0, 105).Select(i => (i % 21) / 20f)]);
        byte[] row = [.. Contour.Draw(new(21, 5, white), map, 0.5f).Pixels.Slice(2 * 63, 63)];
        row[3 * 10].Should().Be(255);
        row[3 * 9].Should().BeLessThan(180, "the rim is one pixel wide and dark");
        row[0].Should().Be(255);
    }

    [Fact]
    public void A_flat_map_has_no_contour()
    {
        RgbImage picture = new(3, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Contour.Draw(picture, new(3, 1, [0, 0, 0])).Pixels.ToArray().Should().Equal(picture.Pixels.ToArray());
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        RgbImage picture = new(2, 1, new byte[6]);
        FluentActions.Invoking(() => Contour.Draw(picture, new(1, 2, [0, 1])))
            .Should().Throw<ArgumentException>().WithMessage("*1 × 2*2 × 1*");
        FluentActions.Invoking(() => Contour.Draw(picture, new(2, 1, [0, float.NaN])))
            .Should().Throw<ArgumentException>().WithMessage("*NaN at row 0, column 1*");
        FluentActions.Invoking(() => Contour.Draw(picture, new(2, 1, [0, 1]), float.NaN))
            .Should().Throw<ArgumentOutOfRangeException>();
    }
}
