using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Methods;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>Relevance mass and rank on pictures whose answer is known.</summary>
public class KnownAnswerTests
{
    private static readonly ShapeKind[] Taught =
        [ShapeKind.Circle, ShapeKind.Square, ShapeKind.Triangle, ShapeKind.Cross];

    [Fact]
    public void Mass_and_rank_equal_hand_computed_values()
    {
        using ImageModel model = ImageModel.Load(EvaluationSetup.Linear(2, 1, 1, 1, 1));
        EvaluationCase Case(float[] map, params float[] answer) =>
            Answered(EvaluationSetup.With(model, EvaluationSetup.Grey(2, 1, 1, 1, 1), map, 0), new(2, 2, answer));

        // The answer is the first row. It contains 0.9 of 1.2, and one of the two largest values.
        EvaluationCase half = Case([0.8f, 0.1f, 0.3f, 0], 1, 1, 0, 0);
        new RelevanceMass().Value(half).Should().BeApproximately(0.75, 1e-6);
        new RelevanceRank().Value(half).Should().Be(0.5);
        EvaluationCase perfect = Case([0.8f, 0.1f, 0, 0], 1, 1, 0, 0);
        new RelevanceMass().Value(perfect).Should().Be(1);
        new RelevanceRank().Value(perfect).Should().Be(1);
        EvaluationCase blank = Case([0, 0, 0, 0], 1, 0, 0, 0);
        new RelevanceMass().Value(blank).Should().Be(0);
        // Without an answer, or with an empty one, the metrics do not apply.
        new RelevanceMass().Value(Case([1, 0, 0, 0], 0, 0, 0, 0)).Should().BeNull();
        new RelevanceRank().Value(EvaluationSetup.With(model, EvaluationSetup.Grey(2, 1, 1, 1, 1), [1, 0, 0, 0], 0))
            .Should().BeNull();
        FluentActions.Invoking(() => new RelevanceMass().Value(Answered(half, new(1, 2, [1, 0]))))
            .Should().Throw<ArgumentException>().WithMessage("*1 × 2*2 × 2*");
    }

    [Fact]
    public void The_answer_is_mapped_to_the_input_like_the_picture()
    {
        // A picture of 8 × 4 is stretched to 4 × 4. The answer is its last two columns: the last column of the input.
        RgbImage picture = new(8, 4, new byte[96]);
        SaliencyMap answer = new(8, 4, [.. Enumerable.Range(0, 32).Select(i => i % 8 >= 6 ? 1f : 0)]);
        Evaluated(Fit.Stretch).Should().Equal(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
        // The centre crop keeps columns 2 to 5, which are not part of the answer.
        Evaluated(Fit.CenterCrop).Should().BeNull();
        // The letterbox puts the picture at half its size into rows 1 and 2.
        Evaluated(Fit.Letterbox).Should().Equal(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0);

        int[]? Evaluated(Fit fit)
        {
            ModelOptions options = new() { Preprocessing = Preprocessing.Unit with { Fit = fit } };
            using ImageModel model = ImageModel.Load(EvaluationSetup.Linear(4, new float[16]), options);
            EvaluationCase evaluation = EvaluationSetup.With(model, model.Prepare(picture), new float[16], 0);
            return Answered(evaluation, answer).AnswerOnInput()?.Select(inside => inside ? 1 : 0).ToArray();
        }
    }

    [Fact]
    public void Scenes_contain_the_shapes_that_they_list()
    {
        ShapeKind[] all = Enum.GetValues<ShapeKind>();
        IReadOnlyList<ShapeScene> scenes = ShapeScene.Draw(40, all, shapes: 3, side: 96, seed: 5);
        scenes.Should().HaveCount(40);
        foreach (ShapeScene scene in scenes)
        {
            scene.Shapes.Should().HaveCount(3);
            scene.Shapes.Select(shape => shape.Kind).Should().OnlyHaveUniqueItems();
            float[] covered = new float[96 * 96];
            foreach (DrawnShape shape in scene.Shapes)
            {
                float[] mask = shape.Pixels.Values.ToArray();
                int[] pixels = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] == 1)];
                pixels.Select(i => Color(scene.Picture, i)).Distinct().Should().HaveCount(1, "a shape has one colour");
                pixels.Should().OnlyContain(i => shape.Box.Covers(i / 96, i % 96));
                foreach (int i in pixels)
                    covered[i]++;
                // The share of the box that the shape covers, by geometry.
                double share = shape.Kind switch
                {
                    ShapeKind.Circle => Math.PI / 4,
                    ShapeKind.Square => 1,
                    ShapeKind.Triangle => 0.5,
                    ShapeKind.Cross => 5 / 9.0,
                    _ => Math.PI / 4 * (1 - (0.62 * 0.62)),
                };
                (pixels.Length / shape.Box.Area).Should().BeApproximately(share, 0.05, $"{shape.Kind}");
            }
            covered.Max().Should().Be(1, "shapes do not overlap");
        }
        Color(scenes[0].Picture, 0).Should().NotBe(Color(scenes[1].Picture, 0));

        static (byte, byte, byte) Color(RgbImage picture, int i) =>
            (picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2]);
    }

    [Fact]
    public void Scenes_are_drawn_again_if_the_first_shapes_leave_no_room()
    {
        ShapeKind[] kinds = [ShapeKind.Circle, ShapeKind.Square, ShapeKind.Triangle];
        ShapeScene.Draw(3000, kinds, shapes: 3, side: 32).Should().OnlyContain(scene => scene.Shapes.Count == 3);
    }

    [Fact]
    public void The_seed_determines_the_scenes()
    {
        byte[] First(int seed, int count) => ShapeScene.Draw(count, Taught, seed: seed)[0].Picture.Pixels.ToArray();
        First(1, 1).Should().Equal(First(1, 3)).And.NotEqual(First(2, 1));
        FluentActions.Invoking(() => ShapeScene.Draw(0, Taught)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ShapeScene.Draw(1, Taught, shapes: 4))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ShapeScene.Draw(1, Taught, side: 8)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ShapeScene.Draw(1, [ShapeKind.Ring, ShapeKind.Ring]))
            .Should().Throw<ArgumentException>().WithMessage("*twice*");
    }

    [Fact]
    public void Score_CAM_finds_the_drawn_shapes_and_the_uniform_control_does_not()
    {
        using ImageModel model = ImageModel.Load(
            new GoldenSet("shapes").ModelPath,
            new() { Preprocessing = Preprocessing.Imagenet, Labels = new(Taught.Select(kind => $"{kind}")) });
        IReadOnlyList<ShapeScene> scenes = ShapeScene.Draw(20, Taught, seed: 3);
        int named = scenes.Count(scene => scene.Shapes.Any(shape => Name(shape) == Top(model, scene)));
        named.Should().BeGreaterThanOrEqualTo(18, "the network was trained on such pictures");

        (double Mass, double Rank) scoreCam = Mean(new ScoreCamExplainer(model));
        (double Mass, double Rank) uniform = Mean(new UniformMapExplainer(model));
        scoreCam.Mass.Should().BeGreaterThan(2 * uniform.Mass);
        scoreCam.Rank.Should().BeGreaterThan(2 * uniform.Rank);

        // A uniform map has the share of the area, and its order is random.
        IEnumerable<DrawnShape> drawn = scenes.SelectMany(scene => scene.Shapes);
        double area = drawn.Average(shape => shape.Pixels.Values.ToArray().Average());
        uniform.Mass.Should().BeApproximately(area, 1e-6);
        uniform.Rank.Should().BeApproximately(area, 0.05);

        (double, double) Mean(Explainer explainer)
        {
            EvaluationCase[] cases = [.. scenes.SelectMany(scene => Cases(explainer, scene))];
            return (Average(new RelevanceMass()), Average(new RelevanceRank()));

            double Average(Metric metric) => cases.Average(evaluation => metric.Value(evaluation)!.Value);
        }
    }

    private static IEnumerable<EvaluationCase> Cases(Explainer explainer, ShapeScene scene)
    {
        PreparedImage image = explainer.Model.Prepare(scene.Picture);
        Target[] targets = [.. scene.Shapes.Select(shape => Target.Class(Name(shape)))];
        return explainer.On(image, targets).Zip(scene.Shapes, (why, shape) =>
            new EvaluationCase(explainer, image, why) { Answer = shape.Pixels });
    }

    private static string Name(DrawnShape shape) => $"{shape.Kind}";

    private static string Top(ImageModel model, ShapeScene scene) =>
        model.Classes[model.Predict(scene.Picture).Top];

    private static EvaluationCase Answered(EvaluationCase evaluation, SaliencyMap answer) =>
        new(evaluation.Explainer, evaluation.Image, evaluation.Explanation) { Answer = answer };
}
