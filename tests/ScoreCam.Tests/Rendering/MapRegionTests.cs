using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Rendering;
using Xunit;

namespace ScoreCam.Tests.Rendering;

public class MapRegionTests
{
    // Labelled with scipy.ndimage.label (3 × 3 neighbours) and find_objects, SciPy 1.10.
    private const string Mask =
        """
        ##.......#...#
        ##......#..#.#
        #.#.....#..#.#
        ..#....#.#.#.#
        ..#.#....#..#.
        .#.#.####.##..
        .#.....##.#.#.
        ..##......#...
        ...##...#.#..#
        """;

    private static readonly SaliencyMap Map =
        new(14, 9, [.. Mask.ReplaceLineEndings("").Select(c => c == '#' ? 0.5f : 0.49f)]);

    [Fact]
    public void Regions_match_those_of_SciPy_and_the_largest_comes_first()
    {
        IReadOnlyList<MapRegion> regions = Map.Regions(0.5f);
        regions.Should().Equal(Region(42, 0, 0, 14, 9), Region(1, 8, 8, 1, 1), Region(1, 13, 8, 1, 1));
        Map.BoundingBox(0.5f).Should().Be(regions[0].Box);
    }

    [Fact]
    public void A_threshold_includes_equal_values()
    {
        Map.Regions(0.49f).Should().Equal(Region(126, 0, 0, 14, 9));
        Map.BoundingBox(0.51f).Should().BeNull();
        Map.Regions(float.NaN).Should().BeEmpty();
        new SaliencyMap(2, 1, [float.NaN, 1]).Regions(0).Should().Equal(Region(1, 1, 0, 1, 1));
    }

    [Fact]
    public void A_region_as_large_as_a_photograph_is_found() =>
        new SaliencyMap(2000, 1500, [.. Enumerable.Repeat(1f, 3_000_000)]).Regions(0.5f)
            .Should().Equal(Region(3_000_000, 0, 0, 2000, 1500));

    [Fact]
    public void A_box_is_drawn_along_its_edges_and_nowhere_else()
    {
        RgbImage black = new(40, 30, new byte[3600]);
        PixelBox box = new() { X = 10, Y = 8, Width = 20, Height = 12 };
        RgbImage drawn = box.DrawOn(black, new() { Color = (255, 0, 0), Thickness = 2, Rim = false });
        for (int y = 0; y < 30; y++)
            for (int x = 0; x < 40; x++)
            {
                // A line of two pixels covers one pixel on each side of the edge and no others.
                double outside =
                    Math.Max(Math.Max(10 - (x + 0.5), x + 0.5 - 30), Math.Max(8 - (y + 0.5), y + 0.5 - 20));
                byte red = drawn.Pixels[3 * ((y * 40) + x)];
                if (Math.Abs(outside) < 1 && !(x is 9 or 30 && y is 7 or 20))
                    red.Should().Be(255, $"{x}, {y} lies on the edge");
                else if (Math.Abs(outside) > 1.5)
                    red.Should().Be(0, $"{x}, {y} lies off the edge");
            }
        black.Pixels.ToArray().Should().OnlyContain(b => b == 0);
    }

    [Fact]
    public void A_box_at_the_border_can_be_seen()
    {
        LineOptions line = new() { Color = (255, 0, 0), Thickness = 2, Rim = false };
        PixelBox box = new() { X = 0, Y = 0, Width = 40, Height = 30 };
        RgbImage drawn = box.DrawOn(new(40, 30, new byte[3600]), line);
        drawn.Pixels[3 * ((15 * 40) + 1)].Should().Be(255);
        drawn.Pixels[3 * ((15 * 40) + 38)].Should().Be(255);
        drawn.Pixels[3 * ((15 * 40) + 20)].Should().Be(0);
    }

    [Fact]
    public void A_line_without_thickness_is_refused()
    {
        PixelBox pixel = new() { X = 0, Y = 0, Width = 1, Height = 1 };
        FluentActions.Invoking(() => pixel.DrawOn(new(1, 1, new byte[3]), new() { Thickness = 0 }))
            .Should().Throw<ArgumentException>().WithMessage("*Thickness is 0*");
    }

    private static MapRegion Region(int area, int x, int y, int width, int height) =>
        new() { Area = area, Box = new() { X = x, Y = y, Width = width, Height = height } };
}
