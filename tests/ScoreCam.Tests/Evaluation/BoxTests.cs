using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>Energy in box, pointing game and IoU.</summary>
public sealed class BoxTests : IDisposable
{
    private readonly ImageModel _model = ImageModel.Load(EvaluationSetup.Linear(4, new float[16]));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Energy_is_the_share_of_the_sum_in_the_union_of_the_boxes()
    {
        float[] map = [0, 1, 2, 0, 3, 4, 0, 0, 5, 0, 0, 0, 0, 0, 0, 5];
        new EnergyInBox().Value(Case(map, Box(0, 0, 2, 2))).Should().BeApproximately(8 / 20.0, 1e-9);
        new EnergyInBox().Value(Case(map, Box(0, 0, 2, 2), Box(1, 0, 3, 2))).Should().BeApproximately(10 / 20.0, 1e-9);
        new EnergyInBox().Value(Case(map)).Should().BeNull("there is no box");
        new EnergyInBox().Value(Case(new float[16], Box(0, 0, 2, 2))).Should().Be(0);
        var one = new EnergyInBox(oneSmallBox: true);
        one.Value(Case(map, Box(0, 0, 2, 2))).Should().BeApproximately(8 / 20.0, 1e-9);
        one.Value(Case(map, Box(0, 0, 2, 2), Box(3, 3, 4, 4))).Should().BeNull("there are two boxes");
        one.Value(Case(map, Box(0, 0, 4, 2))).Should().BeNull("the box is half of the picture");
    }

    [Fact]
    public void The_pointing_game_takes_the_pixel_of_a_plateau_nearest_to_its_centroid()
    {
        float[] peak = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        new PointingGame().Value(Case(peak, Box(2, 1, 3, 2))).Should().Be(1);
        new PointingGame().Value(Case(peak, Box(0, 1, 2, 2))).Should().Be(0, "the right edge is not part of a box");
        new PointingGame().Value(Case(peak)).Should().BeNull();
        float[] plateau = [0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        new PointingGame().Value(Case(plateau, Box(2, 1, 3, 2))).Should().Be(1);
        new PointingGame().Value(Case(plateau, Box(1, 1, 2, 2))).Should().Be(0);
    }

    [Fact]
    public void IoU_is_computed_for_the_box_around_the_largest_component_at_each_threshold()
    {
        // From 0.6 on, the component is the pixel at row 0, column 3. Up to 0.5, it is the two pixels that touch by a
        // corner at rows 1–2, columns 0–1.
        float[] map = [0, 0, 0, 1, 0.5f, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0, 0];
        MetricResult result = new BoxIoU().On(Case(map, Box(0, 1, 2, 3), Box(3, 0, 4, 2)));
        double[] expected = [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5];
        result.Curves[0].X.Should().Equal(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
        result.Curves[0].Y.Should().Equal(expected);
        result.Value.Should().BeApproximately(expected.Average(), 1e-12);
        new BoxIoU().Value(Case(new float[16], Box(0, 0, 2, 2))).Should().Be(0);
        new BoxIoU().Value(Case(map)).Should().BeNull();
    }

    [Fact]
    public void Boxes_are_resized_with_the_picture_and_cut_to_the_input()
    {
        // 100 × 40, centre crop to a square of 20: the scale is 1/2, and 15 pixels of the input are lost on each side.
        RgbImage picture = new(100, 40, new byte[12000]);
        PictureMapping crop = (Preprocessing.Byte with { Fit = Fit.CenterCrop }).Prepare(picture, 3, 20, 20).Mapping;
        Box(40, 10, 60, 30).OnInput(crop).Should().Be(Box(5, 5, 15, 15));
        Box(0, 0, 50, 40).OnInput(crop).Should().Be(Box(0, 0, 10, 20));
        Box(0, 0, 20, 40).OnInput(crop).Area.Should().Be(0);
        PictureMapping stretch = (Preprocessing.Byte with { Fit = Fit.Stretch }).Prepare(picture, 3, 20, 20).Mapping;
        Box(40, 10, 60, 30).OnInput(stretch).Should().Be(Box(8, 5, 12, 15));
    }

    [Fact]
    public void The_IoU_of_two_boxes_equals_a_hand_computed_value()
    {
        Box(0, 0, 2, 2).IoU(Box(1, 1, 3, 3)).Should().BeApproximately(1 / 7.0, 1e-12);
        Box(0, 0, 2, 2).IoU(Box(2, 0, 3, 2)).Should().Be(0);
    }

    private EvaluationCase Case(float[] map, params Box[] boxes) =>
        EvaluationSetup.With(_model, EvaluationSetup.Grey(4, new float[16]), map, 0, boxes);

    private static Box Box(double xMin, double yMin, double xMax, double yMax) =>
        new() { XMin = xMin, YMin = yMin, XMax = xMax, YMax = yMax };
}
