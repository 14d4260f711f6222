using System.Text.Json;
using FluentAssertions;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Methods.Activation;
using ScoreCam.Targets;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Compare;

/// <summary>
/// Compares the numbers of the JSON and of the page with predictions and maps that are computed here.
/// </summary>
public class CompareFiguresTests
{
    [Fact]
    public async Task Figures_and_answers_match_the_predictions_of_the_network()
    {
        using TemporaryFolder folder = new();
        string groups = folder.File("groups.json", """{"animals": ["cat", "dog"], "things": ["cup", "car"]}""");
        CommandRun run = await Everyday.Compare(
            folder, "--groups", groups, "--metric", "energy-in-box", "--json", folder.File("a.json"), "--report",
            folder.File("a.html"));
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        using JsonDocument page = JsonDocument.Parse(Data(folder.File("a.html")));
        JsonElement figures = json.RootElement.GetProperty("figures");
        JsonElement shown = page.RootElement;

        using ImageModel model = ImageModel.Load(Everyday.Model);
        string[] names = [.. Enumerable.Range(0, model.Classes.Count).Select(i => model.Classes[i])];
        (int cat, int cup) = (Array.IndexOf(names, "cat"), Array.IndexOf(names, "cup"));
        float[][] probabilities = [.. Pictures.Names.Select(name => Predict(model, folder, name))];
        int[] said = [.. probabilities.Select(p => Array.IndexOf(p, p.Max()))];
        // Astronaut has no class. The class of chelsea and rocket is cat, and the class of coffee is cup. In B the
        // names are exchanged.
        int?[] truthOfA = [null, cat, cup, cat], truthOfB = [null, cup, cat, cup];
        int rightA = said.Zip(truthOfA).Count(pair => pair.First == pair.Second);
        int rightB = said.Zip(truthOfB).Count(pair => pair.First == pair.Second);

        Share(figures.GetProperty("networks")[0].GetProperty("accuracy")).Should().Be((rightA, 3));
        Share(figures.GetProperty("networks")[1].GetProperty("accuracy")).Should().Be((rightB, 3));
        Share(figures.GetProperty("networks")[0].GetProperty("classes").GetProperty("CUP")).Should().Be((said[2] == cup
            ? 1
            : 0, 1));
        int catsOfA = new[] { 1, 3 }.Count(i => said[i] == cat);
        Share(figures.GetProperty("networks")[0].GetProperty("groups").GetProperty("animals"))
            .Should().Be((catsOfA, 2));

        JsonElement pair = figures.GetProperty("agreement")[0];
        int both = Enumerable.Range(1, 3).Count(i => said[i] == truthOfA[i] && said[i] == truthOfB[i]);
        pair.GetProperty("bothRight").GetInt32().Should().Be(both);
        pair.GetProperty("onlyFirst").GetInt32().Should().Be(rightA - both);
        pair.GetProperty("onlySecond").GetInt32().Should().Be(rightB - both);
        int same = said.Count(index => index != cat && index != cup);
        Share(pair.GetProperty("sameAnswer")).Should().Be((same, 4), "only cat and cup have different names");

        // The shares of the answers on the page are the probabilities.
        for (int i = 0; i < 4; i++)
        {
            JsonElement answer = shown.GetProperty("answers")[0][i];
            answer.GetProperty("top")[0][0].GetString().Should().Be(names[said[i]]);
            answer.GetProperty("top")[0][1].GetDouble().Should().BeApproximately(probabilities[i].Max(), 1e-4);
            JsonElement truth = answer.GetProperty("truth");
            if (truthOfA[i] is { } index)
                truth.GetDouble().Should().BeApproximately(probabilities[i][index], 1e-4);
            else
                truth.ValueKind.Should().Be(JsonValueKind.Null);
        }
    }

    [Fact]
    public async Task Similarity_is_computed_from_the_values_of_the_maps()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await Everyday.Compare(
            folder, "--metric", "energy-in-box", "--json", folder.File("a.json"), "--report", folder.File("a.html"));
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        using JsonDocument page = JsonDocument.Parse(Data(folder.File("a.html")));

        // Eigen-CAM uses no class. Both networks have the same maps, whatever the names of their classes.
        JsonElement first = json.RootElement.GetProperty("figures").GetProperty("similarity")[0];
        (first.GetProperty("firstNetwork").GetString(), first.GetProperty("secondNetwork").GetString())
            .Should().Be(("A", "B"));
        first.GetProperty("pictures").GetInt32().Should().Be(4);
        first.GetProperty("pearson").GetDouble().Should().BeApproximately(1, 1e-6);
        first.GetProperty("topIoU").GetDouble().Should().Be(1);
        JsonElement uniform = json.RootElement.GetProperty("figures").GetProperty("similarity").EnumerateArray()
            .First(one => one.GetProperty("firstMethod").GetString() != one.GetProperty("secondMethod").GetString());
        uniform.GetProperty("pearson").GetDouble().Should().Be(0, "a constant map correlates with no map");

        // The page contains the explainer's map on a grid, with one byte per cell.
        using ImageModel model = ImageModel.Load(Everyday.Model);
        PreparedImage image = Prepared(model, folder, "chelsea.jpg");
        Explanation explanation = new EigenCamExplainer(model).Explain(
            image, Target.Class(0), cancellationToken: TestContext.Current.CancellationToken);
        JsonElement picture = page.RootElement.GetProperty("pictures")[1];
        (int width, int height) =
            (picture.GetProperty("gridWidth").GetInt32(), picture.GetProperty("gridHeight").GetInt32());
        (width, height).Should().Be((48, 36));
        SaliencyMap grid = ComparedMap.OnPicture(explanation).Resize(width, height);
        byte[] cells = page.RootElement.GetProperty("maps")[0][0][1].GetProperty("map").GetBytesFromBase64();
        for (int i = 0; i < cells.Length; i++)
            (cells[i] / 255f).Should().BeApproximately(grid.Values[i], 0.003f);

        // The value is the share of the map inside the box of chelsea.jpg. The picture is stretched to the input.
        double inside = 0, sum = 0;
        SaliencyMap map = explanation.Map;
        for (int y = 0; y < map.Height; y++)
            for (int x = 0; x < map.Width; x++)
            {
                (double column, double row) = ((x + 0.5) * 160 / map.Width, (y + 0.5) * 120 / map.Height);
                sum += map[y, x];
                inside += column is >= 10 and < 150 && row is >= 10 and < 110 ? map[y, x] : 0;
            }
        JsonElement value = page.RootElement.GetProperty("maps")[0][0][1].GetProperty("values")[0];
        value.GetDouble().Should().BeApproximately(inside / sum, 1e-4);
    }

    /// <summary>The data of a page that its script reads.</summary>
    internal static string Data(string path)
    {
        const string begin = "<script type=\"application/json\" id=\"data\">";
        string page = File.ReadAllText(path);
        int start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)];
    }

    private static (int Count, int Total) Share(JsonElement share) =>
        (share.GetProperty("count").GetInt32(), share.GetProperty("total").GetInt32());

    private static float[] Predict(ImageModel model, TemporaryFolder folder, string name) =>
        model.Predict(Prepared(model, folder, name)).Probabilities.ToArray();

    /// <summary>Prepares a picture as in a run with boxes: it is stretched to the input.</summary>
    private static PreparedImage Prepared(ImageModel model, TemporaryFolder folder, string name)
    {
        Preprocessing stretched = model.Preprocessing with { Fit = Fit.Stretch, ShortestEdge = null };
        RgbImage photo = ImageSharpImage.Load(Path.Combine(folder.File("pictures"), name));
        return stretched.Prepare(photo, model.Input.Channels, model.Input.Height, model.Input.Width);
    }
}
