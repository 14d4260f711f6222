using System.Text.Json;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

public class InspectCommandTests
{
    [Fact]
    public async Task Shows_the_facts_and_the_layers_of_a_model()
    {
        CommandRun run = await CommandRun.Of("inspect");
        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("image: Float, NCHW, 3 × 128 × 128, batch free").And.Contain(
            "20: airplane; butterfly");
        run.Output.Split('\n').Single(line => line.Contains("default")).Should()
            .Contain("/layer3/layer3.1/Relu_1_output_0").And.Contain("128");
    }

    [Fact]
    public async Task Writes_the_facts_and_the_layers_as_json()
    {
        CommandRun run = await CommandRun.Of("inspect", "--json");
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;
        root.GetProperty("input").GetProperty("height").GetInt32().Should().Be(128);
        root.GetProperty("input").GetProperty("batch").ValueKind.Should().Be(JsonValueKind.Null);
        root.GetProperty("classes").GetArrayLength().Should().Be(20);
        root.GetProperty("preprocessing").GetProperty("mean")[0].GetSingle().Should().Be(0.485f);
        root.GetProperty("defaultLayer").GetString().Should().Be("/layer3/layer3.1/Relu_1_output_0");
        root.GetProperty("layers").EnumerateArray().Last().GetProperty("channels").GetInt32().Should().Be(128);
    }

    [Fact]
    public async Task Shows_the_token_layout_of_a_transformer()
    {
        string transformer = Path.Combine(SharedData.Repository, "tests", "golden", "field", "vit_heads.onnx");
        CommandRun table = await CommandRun.Of("inspect", "--model", transformer);
        table.Output.Split('\n').Single(line => line.Contains("default")).Should()
            .MatchRegex(@"/b/b\.1/n1/Add_1_output_0 +│ +Add +│ +32 +│ +8 +│ +8 +│ +tokens, 1 before the grid +│");

        CommandRun run = await CommandRun.Of("inspect", "--model", transformer, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        string name = json.RootElement.GetProperty("defaultLayer").GetString()!;
        JsonElement layer = json.RootElement.GetProperty("layers").EnumerateArray()
            .Single(layer => layer.GetProperty("name").GetString() == name);
        (layer.GetProperty("layout").GetString(), layer.GetProperty("prefixTokens").GetInt32())
            .Should().Be(("tokens", 1));
    }
}
