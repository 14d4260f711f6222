using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class FigureTests
{
    private const int Margin = 24, Gap = 12, Panel = 320, Column = 640 + Gap;

    private static readonly (byte, byte, byte) White = (255, 255, 255);
    private static readonly RgbImage Picture =
        new(200, 100, [.. Enumerable.Range(0, 60_000).Select(i => (byte)((i % 3 * 60) + (i / 3 % 200 / 2)))]);
    private static readonly SaliencyMap Half = new(4, 2, [0, 0, 1, 1, 0, 0, 1, 1]);

    private static FigureRow Unlabelled => new() { Explanation = Why(Picture), Title = "", Subtitle = "" };

    [Fact]
    public void Original_map_and_overlay_are_side_by_side_on_white()
    {
        RgbImage figure = Figure.Draw([Why(Picture)]);
        figure.Width.Should().Be((2 * Margin) + (3 * 640) + (2 * Gap));
        int top = TopOfPanel(figure);
        RgbImage original = Picture.Resize(640, Panel);
        for (int y = 0; y < Panel; y += 13)
            for (int x = 0; x < 640; x += 17)
            {
                (byte Red, byte, byte) shown = Pixel(original, x, y);
                Pixel(figure, Margin + x, top + y).Should().Be(shown);
                (byte Red, byte, byte) map = Pixel(figure, Margin + Column + x, top + y);
                (byte Red, byte, byte) overlay = Pixel(figure, Margin + (2 * Column) + x, top + y);
                // Columns 0…1 of four are 0, columns 2…3 are 1. Between their centres the map rises.
                if (x < 240)
                {
                    map.Should().Be(Colormap.Turbo.Map(0));
                    overlay.Should().Be(shown, "there is no evidence");
                }
                else if (x >= 400)
                {
                    map.Should().Be(Colormap.Turbo.Map(1));
                    ((double)overlay.Red).Should().BeApproximately((0.3 * shown.Red) + (0.7 * map.Red), 1);
                }
            }
        Pixel(figure, 0, 0).Should().Be(White);
        Pixel(figure, figure.Width - 1, figure.Height - 1).Should().Be(White);
        Pixel(figure, Margin + 640 + (Gap / 2), top + 100).Should().Be(White);
    }

    [Fact]
    public void A_null_cell_of_a_side_by_side_figure_stays_empty()
    {
        FigureRow cell = Unlabelled;
        RgbImage stacked = Figure.Draw([cell], new() { Legend = false });
        RgbImage figure = Figure.DrawSideBySide([[cell, cell, cell], [null, cell]], new() { Legend = false });
        int top = TopOfPanel(stacked), next = top + Panel + 22 + top - Margin;
        figure.Width.Should().Be((2 * Margin) + (4 * 640) + (3 * Gap));
        for (int y = 0; y < Panel; y += 13)
            for (int x = 0; x < 640; x += 17)
            {
                (byte, byte, byte) original = Pixel(stacked, Margin + x, top + y);
                (byte, byte, byte) overlay = Pixel(stacked, Margin + (2 * Column) + x, top + y);
                Pixel(figure, Margin + x, top + y).Should().Be(original);
                for (int c = 1; c <= 3; c++)
                    Pixel(figure, Margin + (c * Column) + x, top + y).Should().Be(overlay);
                Pixel(figure, Margin + (2 * Column) + x, next + y).Should().Be(overlay);
                foreach (int empty in (int[])[0, 1, 3])
                    Pixel(figure, Margin + (empty * Column) + x, next + y).Should().Be(White);
            }
    }

    [Fact]
    public void A_side_by_side_figure_also_has_a_legend()
    {
        RgbImage with = Figure.DrawSideBySide([[Unlabelled, Unlabelled]]);
        RgbImage without = Figure.DrawSideBySide([[Unlabelled, Unlabelled]], new() { Legend = false });
        with.Height.Should().BeGreaterThan(without.Height + 20);
        int y = without.Height - Margin + 14 + 4;
        Pixel(with, Margin, y).Should().Be(Colormap.Turbo.Map(0));
        Pixel(with, Margin + 239, y).Should().Be(Colormap.Turbo.Map(1));
    }

    [Fact]
    public void Each_explanation_has_a_row_and_each_row_has_labels()
    {
        int one = Figure.Draw([Why(Picture)]).Height;
        int three = Figure.Draw([Why(Picture), Why(Picture), Why(Picture)]).Height;
        ((three - one) / 2).Should().BeInRange(Panel + 50, Panel + 100);

        RgbImage plain = Figure.Draw([Unlabelled]), titled = Figure.Draw([Unlabelled with { Title = "cat" }]);
        Dark(plain, TopOfPanel(plain)).Should().BeGreaterThan(0, "the probability is always drawn");
        Dark(titled, TopOfPanel(titled)).Should().BeGreaterThan(Dark(plain, TopOfPanel(plain)) + 40);
        int lower = TopOfPanel(titled) - TopOfPanel(plain);
        for (int y = TopOfPanel(plain); y < plain.Height; y++)
            for (int x = 0; x < plain.Width; x += 5)
                Pixel(plain, x, y).Should().Be(Pixel(titled, x, y + lower), "only the title differs");
    }

    [Fact]
    public void Labels_are_the_class_the_probability_and_the_method()
    {
        FigureRow row = new() { Explanation = Why(Picture) };
        (row.TitleText, row.ProbabilityText, row.SubtitleText).Should().Be(("cat", "95.3 %", "test"));
        (row with { Title = "A", Subtitle = "B" }).TitleText.Should().Be("A");
        LayerInfo relu = new() { Name = "relu5", OpType = "Relu", Channels = 2, Height = 1, Width = 1 };
        FigureRow.Describe(new Explanation
        {
            Method = "Score-CAM (Paper)",
            TargetName = "t",
            Map = Half,
            RawMap = Half,
            Mapping = PictureMapping.Identity(1, 1),
            ModelSha256 = "",
            Passes = 2,
            Layers =
            [
                new()
                {
                    Layer = relu, Map = Half, RawMap = Half, ChannelScores = [0, 0], ChannelWeights = [0, 0],
                    DeadChannels = 0, Passes = 2,
                },
            ],
        }).Should().Be("Score-CAM (Paper) · layer relu5 · 2 passes");
    }

    [Theory]
    [InlineData(1f, "100.0 %")]
    [InlineData(0.99997f, "> 99.9 %")]
    [InlineData(0.639f, "63.9 %")]
    [InlineData(0.05f, "5.0 %")]
    [InlineData(0.0051f, "0.5 % (unlikely)")]
    [InlineData(0.0001f, "< 0.1 % (unlikely)")]
    [InlineData(null, null)]
    public void An_unlikely_class_is_labelled_as_unlikely(float? probability, string? text) =>
        new FigureRow { Explanation = Why(Picture, probability: probability) }.ProbabilityText.Should().Be(text);

    [Fact]
    public void The_length_of_the_bar_is_proportional_to_the_probability()
    {
        // The filled part is gray 90, the rest 214. The caps of the line add its thickness to both.
        int[] filled = [.. new[] { 0.01f, 0.25f, 0.5f, 1 }.Select(p => Filled(Figure.Draw([Row(p)])))];
        filled.Should().BeInAscendingOrder();
        (filled[2] - filled[1]).Should().BeInRange(21, 24, "a quarter of 90 pixels");
        (filled[3] - filled[2]).Should().BeInRange(43, 47, "half of 90 pixels");
        filled[0].Should().BeLessThan(12);

        static FigureRow Row(float p) => Unlabelled with { Explanation = Why(Picture, probability: p) };

        static int Filled(RgbImage figure) => Enumerable.Range(0, TopOfPanel(figure)).Max(y =>
            Enumerable.Range(Margin, 110).Count(x => Pixel(figure, x, y).Red == 90));
    }

    [Fact]
    public void Warnings_are_written_at_their_row_or_below_the_figure_if_all_share_them()
    {
        const string Weak = "The map rests on almost no evidence.";
        RgbImage plain = Figure.Draw([Why(Picture), Why(Picture)]);
        RgbImage first = Figure.Draw([Why(Picture, warnings: Weak), Why(Picture)]);
        RgbImage both = Figure.Draw([Why(Picture, warnings: Weak), Why(Picture, warnings: Weak)]);
        Colored(plain).Should().BeEmpty();
        Colored(first).Should().NotBeEmpty().And.OnlyContain(y => y < TopOfPanel(first), "it is above the first panel");
        Colored(both).Should().NotBeEmpty().And.OnlyContain(y => y > plain.Height - Margin, "it is at the bottom");
        TopOfPanel(first).Should().BeGreaterThan(TopOfPanel(plain));
        TopOfPanel(both).Should().Be(TopOfPanel(plain));

        static int[] Colored(RgbImage figure) => [.. Enumerable.Range(0, figure.Height).Where(y =>
            Enumerable.Range(0, figure.Width).Any(x => Pixel(figure, x, y) == FigureStyle.Warning))];
    }

    [Fact]
    public void The_colour_scale_runs_from_low_to_high_below_the_pictures()
    {
        foreach (bool signed in (bool[])[false, true])
        {
            RgbImage figure = Figure.Draw([Why(Picture, signed)]);
            Colormap colors = signed ? Colormap.Diverging : Colormap.Turbo;
            int y = TopOfPanel(figure) + Panel + 14 + 4;
            Pixel(figure, Margin, y).Should().Be(colors.Map(0));
            Pixel(figure, Margin + 239, y).Should().Be(colors.Map(1));
            Pixel(figure, Margin + 60, y).Should().Be(colors.Map(60 / 239f));
        }
        int with = Figure.Draw([Why(Picture)]).Height;
        Figure.Draw([Why(Picture)], new() { Legend = false }).Height.Should().BeLessThan(with);
        int one = Figure.Draw([Why(Picture), Why(Picture)]).Height;
        int mixed = Figure.Draw([Why(Picture), Why(Picture, signed: true)]).Height;
        mixed.Should().BeGreaterThan(one, "there are two scales");
    }

    [Fact]
    public void Without_a_picture_the_map_is_drawn_alone()
    {
        Explanation tensor = Why(null);
        Figure.Draw([tensor]).Width.Should().Be((2 * Margin) + 640);
        RgbImage filled = Figure.Draw([new FigureRow { Explanation = tensor, Picture = Picture }]);
        filled.Pixels.ToArray().Should().Equal(Figure.Draw([Why(Picture)]).Pixels.ToArray());
        RgbImage side = Figure.DrawSideBySide([[new() { Explanation = tensor, Title = "", Subtitle = "" }]]);
        Pixel(side, Margin + Column, side.Height / 2).Should().Be(Colormap.Turbo.Map(0));
    }

    [Fact]
    public void Contours_and_boxes_are_drawn_on_the_overlay_only()
    {
        RgbImage plain = Figure.Draw([Why(Picture)]);
        RgbImage drawn = Figure.Draw([Why(Picture)], new() { Contour = 0.5f, Box = 0.9f });
        int left = Margin + (2 * Column), differing = 0;
        for (int y = 0; y < plain.Height; y++)
            for (int x = 0; x < plain.Width; x++)
                if (Pixel(plain, x, y) != Pixel(drawn, x, y))
                {
                    differing++;
                    x.Should().BeGreaterThanOrEqualTo(left);
                }
        differing.Should().BeGreaterThan(1000);
        // The value 0.5 lies in the middle of the map.
        Pixel(drawn, left + 320, TopOfPanel(drawn) + 100).Should().Be(White);
    }

    [Theory]
    [InlineData(1000, 10)]
    [InlineData(1, 400)]
    [InlineData(300, 400)]
    public void Nothing_is_cut_off_at_any_width(int width, int height)
    {
        Explanation why = Why(new RgbImage(width, height, new byte[3 * width * height]), warnings: "Some warning.");
        foreach (int panel in (int[])[64, 120, 320])
        {
            RgbImage figure = Figure.Draw([why], new() { PanelHeight = panel });
            int margin = (int)MathF.Round(24 * panel / 320f);
            for (int y = 0; y < figure.Height; y++)
                for (int x = figure.Width - (margin / 2); x < figure.Width; x++)
                    Pixel(figure, x, y).Should().Be(White, "the margin stays free");
            for (int x = 0; x < figure.Width; x++)
                Pixel(figure, x, figure.Height - 1).Should().Be(White);
        }
    }

    [Fact]
    public void A_very_wide_and_a_very_tall_picture_both_fit()
    {
        RgbImage wide = Figure.Draw([Why(new RgbImage(1000, 10, new byte[30_000]))]);
        wide.Width.Should().Be((2 * Margin) + (3 * 640) + (2 * Gap));
        RgbImage tall = Figure.Draw([Why(new RgbImage(1, 400, new byte[1200]))]);
        tall.Width.Should().Be((2 * Margin) + (3 * 100) + (2 * Gap), "labels need some room");
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        Refused(() => Figure.Draw(Array.Empty<Explanation>()), "*at least one row*");
        Refused(() => Figure.Draw([Why(Picture)], new() { PanelHeight = 10 }), "*PanelHeight is 10*");
        Refused(() => Figure.Draw([Unlabelled with { Picture = new(1, 1, new byte[3]) }]), "*1 × 1*200 × 100*");
        Refused(() => Figure.Draw([Why(Picture), null!]), "Row 1 has no explanation*");
        Refused(() => Figure.Draw([(FigureRow)null!]), "Row 0 has no explanation*");
        Refused(() => Figure.DrawSideBySide([[new() { Explanation = null! }]]), "Row 0 has no explanation*");
        Refused(() => Figure.DrawSideBySide([null!]), "*at least one explanation*");
        Refused(() => Figure.DrawSideBySide([[null]]), "*at least one explanation*");
        Refused(() => Figure.DrawSideBySide([[Unlabelled]], new() { PanelHeight = 10 }), "*PanelHeight is 10*");
        Refused(() => Figure.Draw([Why(Picture)], new() { Overlay = null! }), "*Overlay is null*");
        FigureOptions large = new() { PanelHeight = 4096 };
        Refused(() => Figure.Draw(Enumerable.Repeat(Why(Picture), 60), large), "*more than an array holds*");

        static void Refused(Action draw, string message) =>
            draw.Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static Explanation Why(
        RgbImage? picture, bool signed = false, float? probability = 0.953f, params string[] warnings) => new()
        {
            Method = "test",
            TargetName = "cat",
            Probability = probability,
            Map = Half,
            RawMap = Half,
            ModelSha256 = "",
            Picture = picture,
            IsSigned = signed,
            Warnings = warnings,
            Mapping = PictureMapping.Identity(picture?.Width ?? 200, picture?.Height ?? 100),
        };

    /// <summary>The first row of the first panel: the left part of its map has the colour of 0.</summary>
    private static int TopOfPanel(RgbImage figure)
    {
        (byte, byte, byte)[] zero = [Colormap.Turbo.Map(0), Colormap.Diverging.Map(0.5f)];
        return Enumerable.Range(0, figure.Height).First(y => zero.Contains(Pixel(figure, Margin + Column + 1, y)));
    }

    private static int Dark(RgbImage figure, int rows) =>
        Enumerable.Range(0, rows * figure.Width).Count(i => figure.Pixels[3 * i] < 128);

    private static (byte Red, byte Green, byte Blue) Pixel(RgbImage image, int x, int y)
    {
        int i = 3 * ((y * image.Width) + x);
        return (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]);
    }
}
