using System.Diagnostics;
using System.Text.Json;
using FluentAssertions;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Tests.Evaluation;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

/// <summary>Settings that the command passes to the metrics and to the network.</summary>
public class EvaluationSettingsTests
{
    [Fact]
    public void The_seed_reaches_every_metric_that_draws_random_numbers()
    {
        const int Side = 32;
        float[] weights = Evaluation.EvaluationSetup.DistinctMap(1, Side * Side);
        using ImageModel model =
            ImageModel.Load(Evaluation.EvaluationSetup.Linear(Side, [.. weights.Select(w => (w - 0.5f) / 50)]));
        EvaluationCase evaluation = Evaluation.EvaluationSetup.With(
            model, Evaluation.EvaluationSetup.Grey(Side, Evaluation.EvaluationSetup.DistinctMap(2, Side * Side)),
            [.. weights.Select(w => w > 0.6f ? 1f : 0)], 0);
        Metric[] seeded = [new Insertion(5), new Deletion(5), new Road(5), new Arcc(5)];
        Metric[] unseeded = [new Insertion(), new Deletion(), new Road(), new Arcc()];
        IReadOnlyList<Metric> metrics =
            EvaluateSettings.MetricsOf([.. seeded.Select(metric => metric.Name)], hasBoxes: false, seed: 5);
        for (int i = 0; i < seeded.Length; i++)
        {
            metrics[i].Value(evaluation).Should().Be(seeded[i].Value(evaluation), metrics[i].Name);
            metrics[i].Value(evaluation).Should().NotBe(unseeded[i].Value(evaluation), metrics[i].Name);
        }
    }

    [Fact]
    public void Every_property_of_the_preprocessing_changes_its_record()
    {
        Preprocessing plain = new();
        Preprocessing[] all =
        [
            plain, plain with { Scale = 1 }, plain with { Mean = new(0.5f) }, plain with { Std = new(0.5f) },
            plain with { Order = ChannelOrder.Bgr }, plain with { Fit = Fit.Letterbox },
            plain with { Filter = ResampleFilter.Bicubic }, plain with { Width = 64 }, plain with { Height = 64 },
            plain with { ShortestEdge = 64 }, plain with { LongestEdge = 64 }, plain with { PadColor = new(9) },
        ];
        all.Skip(1).Should().HaveCount(typeof(Preprocessing).GetProperties().Count(property => property.CanWrite));
        all.Select(one => PreprocessingRecord.Of(one).Text).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task The_input_of_a_network_of_free_size_is_limited_as_in_explain()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("pictures"));
        string photo = Path.Combine(SharedFolder.Repository, "photos", "coffee.png");
        File.Copy(photo, folder.File("pictures/coffee.png"));
        string free = Path.Combine(SharedData.Repository, "tests", "golden", "field", "dynhw.onnx");
        using ImageModel model = ImageModel.Load(free);
        Prediction expected = model.Predict(ImageSharpImage.Load(photo));
        string boxes = folder.File("boxes.csv", $"file,class_index,class_name\ncoffee.png,{expected.Top},\n");
        foreach (string[] more in new[] { [], new[] { "--boxes", boxes } })
        {
            string[] images = ["--images", folder.File("pictures"), "--model", free];
            CommandRun run = await CommandRun.Of([
                "evaluate", .. images, "--method", "cam", "--metric", "complexity", "--json", folder.File("a.json"),
                .. more]);
            run.ExitCode.Should().Be(0, run.Error);
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
            json.RootElement.GetProperty("cases")[0].GetProperty("probability").GetDouble()
                .Should().Be(expected.Probabilities[expected.Top]);
        }
    }

    [Fact]
    public async Task A_wrong_box_leaves_out_only_its_class()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        string boxes = folder.File("boxes.csv", """
            file,class_index,class_name,xmin,ymin,xmax,ymax
            chelsea.jpg,3,cat,10,10,90,90
            chelsea.jpg,6,cup,10,10,900,90
            chelsea.jpg,7,,20,20,80,80
            ,3,cat,20,20,80,80
            nowhere.jpg,3,cat,80,20,20,80
            """);
        CommandRun run = await Pictures.Evaluate(images, "--boxes", boxes, "--json", folder.File("a.json"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("left out chelsea.jpg: the box 10, 10, 900, 90").And.Contain("line 5 of the boxes")
            .And.Contain("left out nowhere.jpg: line 6");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        json.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("classIndex").GetInt32())
            .Distinct().Should().Equal(3, 7);
    }

    [Theory]
    [InlineData("--fit", "letterbox")]
    [InlineData("--crop", "64")]
    public async Task Boxes_and_another_fit_contradict_each_other(string option, string value)
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg");
        string boxes = folder.File("boxes.csv", "file,class_index,class_name\nchelsea.jpg,3,cat\n");
        CommandRun run = await Pictures.Evaluate(
            images, "--boxes", boxes, option, value, "--json", folder.File("a.json"));
        (run.ExitCode, run.Error).Should().Be((2,
            "scorecam: --boxes stretches the pictures: leave out --fit and --crop\n"));
    }

    [Fact]
    public async Task A_network_that_cannot_be_randomised_is_not_explained_again()
    {
        using TemporaryFolder folder = new();
        string images = Pictures.In(folder, "chelsea.jpg", "coffee.jpg");
        string model = Pictures.ModelWithoutLayers(folder, "no-weights.onnx");
        int explained = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ScoreCam",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "ScoreCam.Explain"
                    && activity.GetTagItem("scorecam.model") is "no-weights.onnx")
                    Interlocked.Increment(ref explained);
            },
        };
        ActivitySource.AddActivityListener(listener);
        CommandRun run = await CommandRun.Of(
            "evaluate", "--images", images, "--model", model, "--method", "occlusion:4", "--metric", "complexity",
            "--sanity", "--json", folder.File("a.json"));
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("sanity check of occlusion");
        explained.Should().Be(2 * 4, "two pictures are explained by the method and by three controls");
    }
}
