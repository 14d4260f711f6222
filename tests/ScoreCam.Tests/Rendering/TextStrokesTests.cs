using FluentAssertions;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class TextStrokesTests
{
    [Fact]
    public void Every_printable_character_has_a_glyph_of_its_own()
    {
        string[] shapes = [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => Shape((char)c))];
        shapes.Should().OnlyContain(shape => shape.Contains('#')).And.OnlyHaveUniqueItems();
        shapes.Should().NotContain(Shape('□'));
        Shape(' ').Should().NotContain("#");
    }

    [Fact]
    public void A_glyph_stands_in_its_place()
    {
        Shape('L').Should().Be("#.../#.../#.../#.../#.../#.../####/..../....");
        Shape('p').Should().Be("...../...../####./#...#/#...#/#...#/####./#..../#....");
    }

    [Theory]
    [InlineData("éÀŁž’—", "eALz'-")]
    [InlineData("日\u0416", "□□")]
    [InlineData("😀", "□")]
    [InlineData("a\tb\nc", "a b c")]
    public void What_has_no_glyph_is_written_plainly_or_as_a_box(string text, string shown) =>
        TextStrokes.Of(text, 3, 20, 12).Should().Equal(TextStrokes.Of(shown, 3, 20, 12));

    [Fact]
    public void Letters_reach_from_the_baseline_to_the_capital_height()
    {
        List<Segment> strokes = TextStrokes.Of("HE", 5, 30, 12);
        strokes.SelectMany(s => new[] { s.Y1, s.Y2 }).Min().Should().Be(18);
        strokes.SelectMany(s => new[] { s.Y1, s.Y2 }).Max().Should().Be(30);
        strokes.SelectMany(s => new[] { s.X1, s.X2 }).Min().Should().Be(5);
        // H has 5 columns of dots and E 4, two pixels apart, with 1.75 dots between them.
        strokes.SelectMany(s => new[] { s.X1, s.X2 }).Max().Should().Be(5 + (2 * (4 + 1.75f + 3)));
        TextStrokes.Width("HE", 12).Should().Be(2 * (4 + 1.75f + 3));
        TextStrokes.Width("", 12).Should().Be(0);
    }

    [Fact]
    public void A_corner_is_joined_once()
    {
        // An L of seven dots and three more is nine steps; no step cuts its corner.
        TextStrokes.Of("L", 0, 12, 12).Should().HaveCount(9).And.OnlyContain(s => s.X1 == s.X2 || s.Y1 == s.Y2);
        TextStrokes.Of(".", 0, 12, 12).Should().Equal(new Segment(0, 12, 0, 12));
    }

    [Fact]
    public void Long_text_is_cut_with_an_ellipsis()
    {
        TextStrokes.Fit("short", 1000, 12).Should().Be("short");
        string cut = TextStrokes.Fit("a rather long name of a class", 100, 12);
        cut.Should().StartWith("a rat").And.EndWith("…");
        TextStrokes.Width(cut, 12).Should().BeLessThanOrEqualTo(100);
        for (int width = 0; width < 400; width += 7)
            TextStrokes.Fit("ill-willed MMM", width, 12).Should().Be(LetterByLetter("ill-willed MMM", width));
        // Letter by letter this would take hours.
        TextStrokes.Fit(new string('a', 3_000_000), 100, 12).Should().Be(TextStrokes.Fit(new string('a', 300), 100, 12));

        static string LetterByLetter(string text, int width) => TextStrokes.Width(text, 12) <= width ? text
            : Enumerable.Range(0, text.Length).Reverse().Select(length => text[..length]).First(start => start.Length == 0 || TextStrokes.Width(start + "…", 12) <= width).TrimEnd() + "…";
    }

    private static string Shape(char character) => string.Join('/', Enumerable.Range(0, Glyphs.Rows).Select(row =>
        string.Concat(Enumerable.Range(0, Glyphs.Width(character)).Select(column => Glyphs.Dot(character, row, column) ? '#' : '.'))));
}
