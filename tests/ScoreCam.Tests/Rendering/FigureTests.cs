using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class FigureTests
{
    private const int Margin = 24, Gap = 12, Panel = 320;
    private static readonly RgbImage Picture = new(200, 100, [.. Enumerable.Range(0, 60_000).Select(i => (byte)(i % 3 * 60 + (i / 3 % 200 / 2)))]);
    private static readonly SaliencyMap Half = new(4, 2, [0, 0, 1, 1, 0, 0, 1, 1]);

    [Fact]
    public void Original_map_and_overlay_stand_side_by_side_on_white()
    {
        RgbImage figure = Figure.Draw([Why(Picture)]);
        figure.Width.Should().Be((2 * Margin) + (3 * 640) + (2 * Gap));
        int top = TopOfPanel(figure);
        RgbImage original = Picture.Resize(640, Panel);
        for (int y = 0; y < Panel; y += 13)
            for (int x = 0; x < 640; x += 17)
            {
                Pixel(figure, Margin + x, top + y).Should().Be(Pixel(original, x, y));
                (byte, byte, byte) map = Pixel(figure, Margin + 640 + Gap + x, top + y);
                // Columns 0…1 of four are 0, columns 2…3 are 1; between their centres it rises.
                if (x < 240)
                    map.Should().Be(Colormap.Turbo.Map(0));
                else if (x >= 400)
                    map.Should().Be(Colormap.Turbo.Map(1));
                (byte Red, _, _) = Pixel(figure, Margin + (2 * (640 + Gap)) + x, top + y);
                ((double)Red).Should().BeApproximately((Pixel(original, x, y).Red + map.Item1) / 2.0, 1, "opacity is one half");
            }
        Pixel(figure, 0, 0).Should().Be((255, 255, 255));
        Pixel(figure, figure.Width - 1, figure.Height - 1).Should().Be((255, 255, 255));
        Pixel(figure, Margin + 640 + (Gap / 2), top + 100).Should().Be((255, 255, 255));
    }

    [Fact]
    public void Side_by_side_stand_the_original_and_every_overlay_and_a_null_leaves_its_place_empty()
    {
        FigureRow cell = new() { Explanation = Why(Picture), Title = "", Subtitle = "" };
        RgbImage stacked = Figure.Draw([cell]), figure = Figure.DrawSideBySide([[cell, cell, cell], [null, cell]]);
        int top = TopOfPanel(stacked), next = top + Panel + 22 + top - Margin, column = 640 + Gap;
        figure.Width.Should().Be((2 * Margin) + (4 * 640) + (3 * Gap));
        figure.Height.Should().Be(next + Panel + Margin);
        for (int y = 0; y < Panel; y += 13)
            for (int x = 0; x < 640; x += 17)
            {
                (byte, byte, byte) original = Pixel(stacked, Margin + x, top + y), overlay = Pixel(stacked, Margin + (2 * column) + x, top + y);
                Pixel(figure, Margin + x, top + y).Should().Be(original);
                for (int c = 1; c <= 3; c++)
                    Pixel(figure, Margin + (c * column) + x, top + y).Should().Be(overlay);
                Pixel(figure, Margin + (2 * column) + x, next + y).Should().Be(overlay);
                foreach (int empty in new[] { 0, 1, 3 })
                    Pixel(figure, Margin + (empty * column) + x, next + y).Should().Be((255, 255, 255));
            }
        ((Action)(() => Figure.DrawSideBySide([[null]]))).Should().Throw<ArgumentException>().WithMessage("*at least one explanation*");
        ((Action)(() => Figure.DrawSideBySide([[cell]], new() { PanelHeight = 10 }))).Should().Throw<ArgumentException>().WithMessage("*PanelHeight is 10*");
    }

    [Fact]
    public void Each_explanation_has_a_row_and_each_row_its_labels()
    {
        int one = Figure.Draw([Why(Picture)]).Height, three = Figure.Draw([Why(Picture), Why(Picture), Why(Picture)]).Height;
        int row = (three - one) / 2;
        row.Should().BeInRange(Panel + 30, Panel + 80);

        RgbImage plain = Figure.Draw([new FigureRow { Explanation = Why(Picture), Title = "", Subtitle = "" }]);
        RgbImage titled = Figure.Draw([new FigureRow { Explanation = Why(Picture), Title = "cat", Subtitle = "" }]);
        int top = TopOfPanel(plain);
        Dark(plain, top).Should().Be(0);
        Dark(titled, top).Should().BeGreaterThan(40, "letters are dark on white");
        for (int y = top; y < plain.Height; y++)
            for (int x = 0; x < plain.Width; x += 5)
                Pixel(plain, x, y).Should().Be(Pixel(titled, x, y), "only the title differs");
    }

    [Fact]
    public void Titles_say_class_and_probability_and_then_how()
    {
        FigureRow row = new() { Explanation = Why(Picture) };
        row.TitleText.Should().Be("cat · 95.3 %");
        row.SubtitleText.Should().Be("test");
        (row with { Title = "A", Subtitle = "B" }).TitleText.Should().Be("A");
        FigureRow.Describe(new Explanation
        {
            Method = "Score-CAM (Paper)",
            TargetName = "t",
            Map = Half,
            RawMap = Half,
            Mapping = PictureMapping.Identity(1, 1),
            ModelSha256 = "",
            Passes = 2,
            Layers = [new() { Layer = new() { Name = "relu5", OpType = "Relu", Channels = 2, Height = 1, Width = 1 }, Map = Half, RawMap = Half, ChannelScores = [0, 0], ChannelWeights = [0, 0], DeadChannels = 0, Passes = 2 }],
        }).Should().Be("Score-CAM (Paper) · layer relu5 · 2 passes");
    }

    [Fact]
    public void The_colour_scale_runs_from_low_to_high_below_the_maps()
    {
        foreach (bool signed in new[] { false, true })
        {
            RgbImage figure = Figure.Draw([Why(Picture, signed)]);
            Colormap colors = signed ? Colormap.Diverging : Colormap.Turbo;
            int y = TopOfPanel(figure) + Panel + 14 + 4, x = Margin + 640 + Gap;
            Pixel(figure, x, y).Should().Be(colors.Map(0));
            Pixel(figure, x + 239, y).Should().Be(colors.Map(1));
            Pixel(figure, x + 60, y).Should().Be(colors.Map(60 / 239f));
        }
        int with = Figure.Draw([Why(Picture)]).Height, without = Figure.Draw([Why(Picture)], new() { Legend = false }).Height;
        with.Should().BeGreaterThan(without);
        Figure.Draw([Why(Picture), Why(Picture, signed: true)]).Height.Should().BeGreaterThan(Figure.Draw([Why(Picture), Why(Picture)]).Height, "two scales need two legends");
    }

    [Fact]
    public void A_tensor_shows_its_map_alone_and_a_given_picture_fills_the_rest()
    {
        Explanation tensor = Why(null);
        Figure.Draw([tensor]).Width.Should().Be((2 * Margin) + 640);
        RgbImage filled = Figure.Draw([new FigureRow { Explanation = tensor, Picture = Picture }]);
        filled.Pixels.ToArray().Should().Equal(Figure.Draw([Why(Picture)]).Pixels.ToArray());
    }

    [Fact]
    public void Contours_and_boxes_are_drawn_on_the_overlay_only()
    {
        RgbImage plain = Figure.Draw([Why(Picture)]), drawn = Figure.Draw([Why(Picture)], new() { Contour = 0.5f, Box = 0.9f });
        int left = Margin + (2 * (640 + Gap)), differing = 0;
        for (int y = 0; y < plain.Height; y++)
            for (int x = 0; x < plain.Width; x++)
                if (Pixel(plain, x, y) != Pixel(drawn, x, y))
                {
                    differing++;
                    x.Should().BeGreaterThanOrEqualTo(left);
                }
        differing.Should().BeGreaterThan(1000);
        // The value 0.5 lies in the middle of the map.
        Pixel(drawn, left + 320, TopOfPanel(drawn) + 100).Should().Be((255, 255, 255));
    }

    [Fact]
    public void A_panorama_and_a_tower_both_fit()
    {
        RgbImage wide = Figure.Draw([Why(new RgbImage(1000, 10, new byte[30_000]))]);
        wide.Width.Should().Be((2 * Margin) + (3 * 640) + (2 * Gap));
        RgbImage tall = Figure.Draw([Why(new RgbImage(1, 400, new byte[1200]))]);
        tall.Width.Should().Be(320);
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        FluentActions.Invoking(() => Figure.Draw(Array.Empty<Explanation>())).Should().Throw<ArgumentException>().WithMessage("*at least one row*");
        FluentActions.Invoking(() => Figure.Draw([Why(Picture)], new() { PanelHeight = 10 })).Should().Throw<ArgumentException>().WithMessage("*PanelHeight is 10*");
        FluentActions.Invoking(() => Figure.Draw([new FigureRow { Explanation = Why(Picture), Picture = new(1, 1, new byte[3]) }])).Should().Throw<ArgumentException>().WithMessage("*1 × 1*200 × 100*");
        FluentActions.Invoking(() => Figure.Draw([Why(Picture), null!])).Should().Throw<ArgumentException>().WithMessage("Row 1 has no explanation*");
        FluentActions.Invoking(() => Figure.Draw([(FigureRow)null!])).Should().Throw<ArgumentException>().WithMessage("Row 0 has no explanation*");
        FluentActions.Invoking(() => Figure.DrawSideBySide([[new FigureRow { Explanation = null! }]])).Should().Throw<ArgumentException>().WithMessage("Row 0 has no explanation*");
        FluentActions.Invoking(() => Figure.DrawSideBySide([null!])).Should().Throw<ArgumentException>().WithMessage("*at least one explanation*");
        FluentActions.Invoking(() => Figure.Draw([Why(Picture)], new() { Overlay = null! })).Should().Throw<ArgumentException>().WithMessage("*Overlay is null*");
        FluentActions.Invoking(() => Figure.Draw(Enumerable.Repeat(Why(Picture), 60), new() { PanelHeight = 4096 })).Should().Throw<ArgumentException>();
    }

    private static Explanation Why(RgbImage? picture, bool signed = false) => new()
    {
        Method = "test",
        TargetName = "cat",
        Probability = 0.953f,
        Map = Half,
        RawMap = Half,
        ModelSha256 = "",
        Picture = picture,
        IsSigned = signed,
        Mapping = PictureMapping.Identity(picture?.Width ?? 200, picture?.Height ?? 100),
    };

    private static int TopOfPanel(RgbImage figure) => Enumerable.Range(0, figure.Height).First(y => Pixel(figure, Margin + 640 + Gap + 1, y) == Colormap.Turbo.Map(0) || Pixel(figure, Margin + 640 + Gap + 1, y) == Colormap.Diverging.Map(0.5f));

    private static int Dark(RgbImage figure, int rows) => Enumerable.Range(0, rows * figure.Width).Count(i => figure.Pixels[3 * i] < 128);

    private static (byte Red, byte Green, byte Blue) Pixel(RgbImage image, int x, int y)
    {
        int i = 3 * ((y * image.Width) + x);
        return (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]);
    }
}
