using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Golden;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

public class GridPointingGameTests
{
    private static readonly ShapeKind[] Kinds =
        [ShapeKind.Circle, ShapeKind.Square, ShapeKind.Triangle, ShapeKind.Cross];

    private static RgbImage[] Pictures { get; } =
        [.. ShapeScene.Draw(40, Kinds, shapes: 1, seed: 2).Select(scene => scene.Picture)];

    [Fact]
    public void Each_cell_of_a_mosaic_shows_a_picture_of_its_own_class()
    {
        using ImageModel model = Shapes();
        GridPointingGame game = new(model, Pictures);
        game.Mosaics.Should().HaveCountGreaterThan(3);
        List<RgbImage> left = [.. Pictures];
        foreach (GridMosaic mosaic in game.Mosaics)
        {
            mosaic.Classes.Should().HaveCount(4).And.OnlyHaveUniqueItems();
            (mosaic.Picture.Width, mosaic.Picture.Height).Should().Be((64, 64));
            for (int cell = 0; cell < 4; cell++)
            {
                Box box = mosaic.Cell(cell);
                (box.XMin, box.YMin, box.Area).Should().Be((32 * (cell % 2), 32 * (cell / 2), 32 * 32));
                // Each cell shows one of the pictures at half its size, and that picture is of the cell's class.
                byte[] shown = Part(mosaic.Picture, (int)box.XMin, (int)box.YMin);
                RgbImage picture = left.Single(p => Largest(p.Resize(32, 32).Pixels, shown) <= 1);
                model.Predict(picture).Top.Should().Be(mosaic.Classes[cell]);
                left.Remove(picture).Should().BeTrue("a picture is used once");
            }
        }

        static byte[] Part(RgbImage picture, int x, int y) => [.. Enumerable.Range(y, 32).SelectMany(row =>
            picture.Pixels.Slice(3 * ((row * picture.Width) + x), 3 * 32).ToArray())];

        static int Largest(ReadOnlySpan<byte> a, byte[] b)
        {
            int largest = 0;
            for (int i = 0; i < b.Length; i++)
                largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
            return largest;
        }
    }

    [Fact]
    public void A_map_in_its_cell_scores_one_and_uninformative_maps_score_a_quarter()
    {
        using ImageModel model = Shapes();
        GridPointingGame game = new(model, Pictures, new() { MaxMosaics = 3 });
        CancellationToken token = TestContext.Current.CancellationToken;
        game.Mosaics.Should().HaveCount(3);
        List<int> finished = [];
        var progress = new Immediate(value => finished.Add(value.Done));
        game.Play(new UniformMapExplainer(model), progress, token).Should().HaveCount(12)
            .And.OnlyContain(value => Math.Abs(value - 0.25) < 1e-9);
        finished.Should().Equal(1, 2, 3);
        game.Play(new CenterGaussianExplainer(model), null, token).Average().Should().BeApproximately(0.25, 1e-6);

        // An explainer that marks the upper left cell for every class: each mosaic has one hit.
        var upperLeft = new MapOf(model, image => [.. Enumerable.Range(0, 64 * 64).Select(i =>
            i % 64 < 32 && i / 64 < 32 ? 1f : 0)]);
        game.Play(upperLeft, null, token).Should().Equal(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);

        // A map that does not depend on the class has 0.25 on average; Score-CAM depends on it.
        game.Play(new ScoreCamExplainer(model), null, token).Average().Should().BeGreaterThan(0.3);
    }

    [Fact]
    public void The_seed_determines_the_mosaics_and_invalid_options_are_refused()
    {
        using ImageModel model = Shapes();
        int[][] Classes(int seed) => [.. new GridPointingGame(model, Pictures, new() { Seed = seed }).Mosaics
            .Select(mosaic => mosaic.Classes.ToArray())];
        Classes(1).Should().BeEquivalentTo(Classes(1), order => order.WithStrictOrdering());
        Classes(1).SelectMany(c => c).Should().NotEqual(Classes(2).SelectMany(c => c));

        FluentActions.Invoking(() => new GridPointingGame(model, Pictures[..3]))
            .Should().Throw<ArgumentException>().WithMessage("A mosaic needs 4 pictures of different classes*");
        FluentActions.Invoking(() => new GridPointingGame(model, Pictures, new() { Grid = 3 }))
            .Should().Throw<ArgumentException>().WithMessage("A mosaic needs 9 pictures*there are 4*");
        foreach (GridPointingGameOptions wrong in (GridPointingGameOptions[])
            [new() { Grid = 1 }, new() { Grid = 5 }, new() { MaxMosaics = 0 }, new() { MinProbability = 2 }])
            FluentActions.Invoking(() => new GridPointingGame(model, Pictures, wrong))
                .Should().Throw<ArgumentOutOfRangeException>();
    }

    private static ImageModel Shapes() => ImageModel.Load(
        new GoldenSet("shapes").ModelPath, new() { Preprocessing = Preprocessing.Imagenet });

    private sealed class Immediate(Action<ExplainProgress> report) : IProgress<ExplainProgress>
    {
        public void Report(ExplainProgress value) => report(value);
    }
}
