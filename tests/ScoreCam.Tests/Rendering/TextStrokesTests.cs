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
        shapes.Should().NotContain("");
        shapes.Should().NotContain(Shape(StrokeFont.Unknown));
        // A sans-serif I and l are one line each; only the bar | is longer.
        shapes.Where((_, i) => (char)('!' + i) is not 'l').Should().OnlyHaveUniqueItems();
        Shape(' ').Should().BeEmpty();
    }

    [Fact]
    public void Glyphs_stay_in_their_line()
    {
        foreach (char c in Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c))
        {
            List<Segment> strokes = TextStrokes.Of($"{c}", 0, StrokeFont.CapHeight, StrokeFont.CapHeight);
            strokes.Min(s => s.Left).Should().BeGreaterThanOrEqualTo(-0.01f, $"{c}");
            strokes.Max(s => s.Right).Should().BeLessThan(7, $"{c}");
            (strokes.Min(s => s.Top), strokes.Max(s => s.Bottom)).Should().Match<(float Top, float Bottom)>(
                y => y.Top >= -1.5f && y.Bottom <= 8.01f, $"{c}");
        }
    }

    [Fact]
    public void A_percent_sign_is_two_rings_and_a_line()
    {
        List<Segment> strokes = TextStrokes.Of("%", 0, 6, 6);
        // Each ring begins where it ends, and the two do not touch.
        Segment[] rings = [.. strokes.SkipLast(1)];
        (Segment[] upper, Segment[] lower) = (rings[..(rings.Length / 2)], rings[(rings.Length / 2)..]);
        foreach (Segment[] ring in (Segment[][])[upper, lower])
        {
            ring[0].X1.Should().BeApproximately(ring[^1].X2, 1e-4f);
            ring[0].Y1.Should().BeApproximately(ring[^1].Y2, 1e-4f);
        }
        upper.Max(s => s.Right).Should().BeLessThan(lower.Min(s => s.Left));
    }

    [Theory]
    [InlineData("éÀŁž’—", "eALz'-")]
    [InlineData("日\u0416", "□□")]
    [InlineData("😀", "□")]
    [InlineData("a\tb\nc", "a b c")]
    [InlineData("a\u0007b", "ab")]
    public void A_character_without_a_glyph_is_replaced_by_a_plain_character_or_a_box(string text, string shown) =>
        TextStrokes.Of(text, 3, 20, 12).Should().Equal(TextStrokes.Of(shown, 3, 20, 12));

    [Fact]
    public void Capitals_reach_from_the_baseline_to_their_height()
    {
        List<Segment> strokes = TextStrokes.Of("HE", 5, 30, 12);
        strokes.Min(s => s.Top).Should().Be(18);
        strokes.Max(s => s.Bottom).Should().Be(30);
        strokes.Min(s => s.Left).Should().Be(5);
        // One unit of the font is 2 pixels here. H is 4.3 units wide, the gap 1.5, E 3.7.
        strokes.Max(s => s.Right).Should().BeApproximately(5 + (2 * (4.3f + 1.5f + 3.7f)), 1e-4f);
        TextStrokes.Width("HE", 12).Should().BeApproximately(2 * (4.3f + 1.5f + 3.7f), 1e-4f);
        TextStrokes.Width("", 12).Should().Be(0);
    }

    [Fact]
    public void Text_is_wrapped_between_words_and_nothing_is_lost()
    {
        const string Text = "Score-CAM (Paper) · layer fire9/concat_1 · 413 passes";
        for (float width = 60; width < 700; width += 23)
        {
            List<string> lines = TextStrokes.Wrap(Text, width, 9, maxLines: 100);
            string.Concat(lines).Replace(" ", "").Should().Be(Text.Replace(" ", ""));
            lines.Should().OnlyContain(line => TextStrokes.Width(line, 9) <= width);
            // The next word would not have fitted.
            foreach ((string line, string next) in lines.Zip(lines.Skip(1)))
                if (Text.Contains($"{line} {next}"))
                    TextStrokes.Width($"{line} {next.Split(' ')[0]}", 9).Should().BeGreaterThan(width);
        }
        TextStrokes.Wrap(Text, 10_000, 9, 1).Should().Equal(Text);
        TextStrokes.Wrap(" ", 100, 9, 1).Should().BeEmpty();
    }

    [Fact]
    public void The_last_line_is_cut_with_an_ellipsis()
    {
        List<string> lines = TextStrokes.Wrap("a rather long name of a class of things", 100, 12, maxLines: 2);
        lines.Should().HaveCount(2);
        lines[0].Should().Be("a rather");
        lines[1].Should().StartWith("long").And.EndWith("…");
        TextStrokes.Width(lines[1], 12).Should().BeLessThanOrEqualTo(100);
        // A word that is wider than the line is broken.
        TextStrokes.Wrap("WWWWWWWWWWWW", 50, 12, 9).Should().HaveCountGreaterThan(2);
        // Measuring letter by letter would take hours.
        TextStrokes.Wrap(new string('a', 3_000_000), 100, 12, 3)
            .Should().Equal(TextStrokes.Wrap(new string('a', 300), 100, 12, 3));
    }

    private static string Shape(char character) => string.Join(' ', TextStrokes.Of($"{character}", 0, 6, 6));
}
