using System.Text.Json;
using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>
/// Tests --sampling and its limits with everyday20. The network has 128 channels, and the embedded photograph needs
/// fewer passes than that.
/// </summary>
public class SamplingOptionsTests
{
    [Fact]
    public async Task Every_channel_is_scored_by_default()
    {
        Sampled all = await Explain("--sampling", "all"), none = await Explain();
        none.Should().BeEquivalentTo(all);
        (all.Predicted, all.Error).Should().Be((0, 0.0));
        all.Passes.Should().BeInRange(32, 128 - all.Dead + 1,
            "all dead channels share one pass, and channels with equal masks share one");
    }

    [Fact]
    public async Task A_limit_of_passes_implies_adaptive_sampling()
    {
        Sampled implied = await Explain("--max-passes", "24"),
            said = await Explain("--sampling", "ADAPTIVE", "--max-passes", "24");
        implied.Should().BeEquivalentTo(said);
        implied.Passes.Should().Be(24);
        implied.Predicted.Should()
            .BeInRange(1, 128 - implied.Dead - 23,
            "channels that are not scored and share no mask with a scored channel are predicted");
        implied.Unscored.Should().Be(0);
        implied.Error.Should().BeInRange(1e-9, 1);
    }

    [Fact]
    public async Task A_tolerance_implies_adaptive_sampling_and_its_default_is_five_hundredths()
    {
        Sampled loose = await Explain("--tolerance", "0.2"), tight = await Explain("--tolerance", "0.01");
        loose.Error.Should().BeInRange(1e-9, 0.2);
        tight.Error.Should().BeInRange(0, 0.01);
        loose.Passes.Should().BeLessThan(tight.Passes);
        (await Explain("--sampling", "adaptive")).Should().BeEquivalentTo(await Explain("--tolerance", "0.05"));
        (await Explain("--tolerance", "0.01", "--max-passes", "16")).Passes.Should().Be(16, "both limits apply");
    }

    [Theory]
    [InlineData("600s")]
    [InlineData("600000ms")]
    public async Task A_sufficient_time_budget_does_not_change_the_result(string time)
    {
        Sampled timed = await Explain("--time-budget", time);
        (timed.Predicted, timed.Error).Should().Be((0, 0.0));
        timed.Passes.Should().Be((await Explain()).Passes);
    }

    [Fact]
    public async Task Channels_after_the_end_of_the_time_budget_are_predicted()
    {
        Sampled timed = await Explain("--time-budget", "1ms");
        timed.Passes.Should().BeInRange(1, 20);
        timed.Predicted.Should().BePositive();
        timed.Unscored.Should().Be(0);
    }

    [Fact]
    public async Task Only_the_channels_of_largest_variance_have_scores()
    {
        Sampled sampled = await Explain("--sampling", "top-variance", "--max-passes", "10");
        (sampled.Passes, sampled.Predicted, sampled.Unscored, sampled.Error).Should()
            .Be((10, 0, 118, (double?)null), "none of the ten is dead, and no other channel has a score");
    }

    [Theory]
    [InlineData("--sampling takes one of all, adaptive, top-variance, not 'some'", "--sampling", "some")]
    [InlineData("--max-passes takes a whole number of at least 1, not '0'", "--max-passes", "0")]
    [InlineData("--max-passes takes a whole number of at least 1, not '1e3'", "--max-passes", "1e3")]
    [InlineData("--max-passes takes at least 2 with adaptive sampling", "--max-passes", "1")]
    [InlineData("--tolerance takes a number above 0 and at most 1, not '0'", "--tolerance", "0")]
    [InlineData("--tolerance takes a number above 0 and at most 1, not '1.5'", "--tolerance", "1.5")]
    [InlineData("--tolerance takes a number above 0 and at most 1, not 'NaN'", "--tolerance", "NaN")]
    [InlineData("--time-budget takes a time as 500ms or 2s, not '500'", "--time-budget", "500")]
    [InlineData("--time-budget takes a time as 500ms or 2s, not '0s'", "--time-budget", "0s")]
    [InlineData("--time-budget takes a time as 500ms or 2s, not 'soon'", "--time-budget", "soon")]
    [InlineData("--sampling all scores every channel", "--sampling", "all", "--max-passes", "10")]
    [InlineData("--sampling all scores every channel", "--sampling", "all", "--time-budget", "1s")]
    [InlineData("--sampling top-variance takes --max-passes N", "--sampling", "top-variance")]
    [InlineData("--sampling top-variance takes --max-passes N", "--sampling", "top-variance", "--max-passes", "5",
        "--tolerance", "0.1")]
    public async Task Invalid_values_are_reported(string message, params string[] arguments)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of(["explain", "--out", folder.File("a.png"), .. arguments]);
        run.ExitCode.Should().Be(ExitCodes.UserMistake);
        run.Error.Should().Contain(message);
        File.Exists(folder.File("a.png")).Should().BeFalse();
    }

    private static async Task<Sampled> Explain(params string[] arguments)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of(
            ["explain", "--json", folder.File("a.json"), "--out", folder.File("a.png"), .. arguments]);
        run.ExitCode.Should().Be(ExitCodes.Success, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        JsonElement only = json.RootElement.GetProperty("runs")[0], why = only.GetProperty("explanations")[0];
        JsonElement error = why.GetProperty("estimatedError");
        return new(
            only.GetProperty("passes").GetInt32(),
            only.GetProperty("deadChannels").GetInt32(),
            why.GetProperty("predictedChannels").GetArrayLength(),
            why.GetProperty("channelScores").EnumerateArray().Count(score => score.ValueKind == JsonValueKind.Null),
            error.ValueKind == JsonValueKind.Null ? null : error.GetDouble(),
            [.. why.GetProperty("map").GetProperty("values").EnumerateArray().Select(value => value.GetSingle())]);
    }

    private sealed record Sampled(int Passes, int Dead, int Predicted, int Unscored, double? Error, float[] Map);
}
