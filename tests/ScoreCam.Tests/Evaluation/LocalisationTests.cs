using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>Whether the map of a class lies on the object of that class.</summary>
public class LocalisationTests
{
    [Fact]
    public void The_map_lies_on_the_requested_one_of_two_shapes()
    {
        var golden = new GoldenSet("shapes");
        using ImageModel model = ImageModel.Load(golden.ModelPath);
        NpyArray input = golden.Array("input");
        GoldenCase[] twoObjects = [.. golden.Cases.GroupBy(c => c.Image).Where(g => g.Count() == 2).SelectMany(g => g)];
        twoObjects.Should().HaveCount(16).And.OnlyContain(c => c.Box != null);

        var (hits, energies, others) = (new List<bool>(), new List<double>(), new List<double>());
        foreach (GoldenCase one in twoObjects)
        {
            ReadOnlySpan<float> row = input.Row(one.Image);
            PreparedImage image = PreparedImage.FromTensor(row, input.Shape[1], input.Shape[2], input.Shape[3]);
            SaliencyMap map = model.Explain(image, Target.Class(one.Class)).Map;
            GoldenCase other = twoObjects.Single(c => c.Image == one.Image && c != one);
            int peak = map.Values.IndexOf(map.Values.ToArray().Max());
            hits.Add(Contains(one.Box!, peak % map.Width, peak / map.Width));
            energies.Add(Energy(map, one.Box!));
            others.Add(Energy(map, other.Box!));
        }
        hits.Average(hit => hit ? 1 : 0).Should().BeGreaterThanOrEqualTo(0.8);
        energies.Average().Should().BeGreaterThanOrEqualTo(0.26).And.BeGreaterThan(2 * others.Average());
    }

    [Fact]
    public void In_a_collage_of_a_cat_and_a_cup_each_map_lies_on_its_own_half()
    {
        string folder = Path.Combine(SharedData.Repository, "photos");
        RgbImage cat = SkiaImage.Load(Path.Combine(folder, "chelsea.png")).Resize(300, 300);
        RgbImage cup = SkiaImage.Load(Path.Combine(folder, "coffee.png")).Resize(300, 300);
        using ImageModel model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
        var explainer = new ScoreCamExplainer(model);
        (RgbImage, RgbImage, string, string)[] orders = [(cat, cup, "cat", "cup"), (cup, cat, "cup", "cat")];
        foreach ((RgbImage left, RgbImage right, string onLeft, string onRight) in orders)
        {
            RgbImage collage = SideBySide(left, right);
            IReadOnlyList<Explanation> both = explainer.Explain(
                collage,
                [Target.Class(onLeft), Target.Class(onRight)],
                cancellationToken: TestContext.Current.CancellationToken);
            SaliencyMap leftMap = both[0].MapOnPicture(), rightMap = both[1].MapOnPicture();

            (leftMap.Width, leftMap.Height).Should().Be((600, 300));
            Energy(leftMap, [0, 0, 300, 300]).Should().BeGreaterThan(0.7, onLeft);
            Energy(rightMap, [300, 0, 600, 300]).Should().BeGreaterThan(0.7, onRight);
        }
    }

    private static bool Contains(int[] box, int x, int y) => x >= box[0] && y >= box[1] && x < box[2] && y < box[3];

    /// <summary>Share of the map inside a box (xmin, ymin, xmax, ymax).</summary>
    private static double Energy(SaliencyMap map, int[] box)
    {
        double inside = 0, all = 0;
        for (int y = 0; y < map.Height; y++)
            for (int x = 0; x < map.Width; x++)
            {
                all += map[y, x];
                inside += Contains(box, x, y) ? map[y, x] : 0;
            }
        return inside / all;
    }

    private static RgbImage SideBySide(RgbImage left, RgbImage right)
    {
        byte[] pixels = new byte[3 * (left.Width + right.Width) * left.Height];
        for (int y = 0; y < left.Height; y++)
        {
            int row = 3 * y * (left.Width + right.Width);
            left.Pixels.Slice(3 * y * left.Width, 3 * left.Width).CopyTo(pixels.AsSpan(row));
            right.Pixels.Slice(3 * y * right.Width, 3 * right.Width).CopyTo(pixels.AsSpan(row + (3 * left.Width)));
        }
        return new RgbImage(left.Width + right.Width, left.Height, pixels);
    }
}
