using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>
/// User mistakes give exit code 2 and one line, and no file is written. The model does not run if the mistake is
/// visible before.
/// </summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("no command is given; commands are explain, inspect, ", new string[0])]
    [InlineData("no command or option 'bogus'; see scorecam --help", new[] { "bogus" })]
    [InlineData("no command or option 'explian'; did you mean 'explain'? See scorecam --help", new[] { "explian" })]
    [InlineData("no command or option '--modle'; did you mean '--model'?", new[] { "explain", "--modle", "m.onnx" })]
    [InlineData("; see scorecam explain --help", new[] { "explain", "--top", "x" })]
    [InlineData("not 'offical'; did you mean 'official'?", new[] { "explain", "--preset", "offical" })]
    [InlineData("no method 'rice'; did you mean 'rise'?", new[] { "explain", "--method", "rice" })]
    [InlineData("no method 'unknown'; methods are score-cam[:PRESET|", new[] { "explain", "--method", "unknown" })]
    [InlineData("no method 'cam:2'", new[] { "explain", "--method", "cam:2" })]
    [InlineData("no 'score-cam:offical'; did you mean", new[] { "explain", "--method", "score-cam:offical" })]
    [InlineData("a whole number of at least 1 was expected, not 'x'", new[] { "explain", "--method", "rise:x" })]
    [InlineData("cam fills no masked pixels", new[] { "explain", "--method", "cam", "--fill", "zero" })]
    [InlineData("rise reads no layer", new[] { "explain", "--method", "rise", "--layer", "l" })]
    [InlineData("--two-sided is an option of score-cam", new[] { "explain", "--method", "cam", "--two-sided" })]
    [InlineData("leave out --preset", new[] { "explain", "--method", "score-cam:official", "--preset", "paper" })]
    [InlineData("--size takes a size as 224 or 320x240", new[] { "explain", "--size", "0" })]
    [InlineData("--size takes a size", new[] { "explain", "--size", "1x2x3" })]
    [InlineData("--mean takes three numbers as", new[] { "explain", "--mean", "1,2" })]
    [InlineData("--std takes three numbers as", new[] { "inspect", "--std", "1,x,3" })]
    [InlineData("--std takes numbers above 0", new[] { "inspect", "--std", "1,0,1" })]
    [InlineData("--fit takes one of stretch, crop, letterbox, not 'fill'", new[] { "explain", "--fit", "fill" })]
    [InlineData("--crop cuts out the centre", new[] { "explain", "--fit", "letterbox", "--crop", "9" })]
    [InlineData("--opacity takes a number above 0", new[] { "explain", "--opacity", "2" })]
    [InlineData("--colormap takes one of turbo,", new[] { "explain", "--colormap", "red" })]
    [InlineData("--size is 64 × 64, and the network takes 128 × 128", new[] { "inspect", "--size", "64" })]
    [InlineData("'scores'", new[] { "inspect", "--output", "scores" })]
    [InlineData("no command or option '--bogus'", new[] { "explain", "--bogus" })]
    [InlineData("no command or option 'cat.png'", new[] { "explain", "cat.png" })]
    [InlineData("--top takes a whole number of at least 1, not 'x'", new[] { "explain", "--top", "x" })]
    [InlineData("--top takes a whole number of at least 1, not '0'", new[] { "explain", "--top", "0" })]
    [InlineData("--batch takes", new[] { "explain", "--batch", "-3" })]
    [InlineData("--workers takes", new[] { "explain", "--workers", "1.5" })]
    [InlineData("--preset takes one of paper, official, pytorch-grad-cam", new[] { "explain", "--preset", "foo" })]
    [InlineData("--preprocessing takes one of imagenet, inception, unit, byte, caffe, not 'foo'",
        new[] { "inspect", "--preprocessing", "foo" })]
    [InlineData("--image", new[] { "explain", "--image" })]
    [InlineData("no picture 'nowhere.png'", new[] { "explain", "--image", "nowhere.png" })]
    [InlineData("no .npy file 'nowhere.npy'", new[] { "explain", "--tensor", "nowhere.npy" })]
    [InlineData("nowhere.onnx", new[] { "explain", "--model", "nowhere.onnx" })]
    [InlineData("nowhere.onnx", new[] { "inspect", "--model", "nowhere.onnx" })]
    [InlineData("nowhere.txt", new[] { "inspect", "--labels", "nowhere.txt" })]
    [InlineData("no class -1: the classes are 0 to 19", new[] { "explain", "--class", "-1" })]
    [InlineData("no class 20: the classes are 0 to 19", new[] { "explain", "--class", "20" })]
    [InlineData("no class 'kat' among the 20; did you mean 'cat'?", new[] { "explain", "--class", "kat" })]
    [InlineData("class name is empty", new[] { "explain", "--class", "" })]
    [InlineData("--top asks for 21 classes, and the model has 20", new[] { "explain", "--top", "21" })]
    [InlineData("no layer 'layr'", new[] { "explain", "--layer", "layr" })]
    public async Task A_mistake_is_reported_in_one_line(string says, string[] arguments)
    {
        CommandRun run = await CommandRun.Of(arguments);
        run.ExitCode.Should().Be(2);
        run.Output.Should().BeEmpty();
        run.Error.Should().StartWith("scorecam: ").And.Contain(says).And.EndWith(Environment.NewLine);
        run.Error.TrimEnd().Should().NotContain("\n").And.NotContain("(Parameter");
        File.Exists("explanation.png").Should().BeFalse();
    }

    [Fact]
    public async Task Unreadable_files_are_mistakes()
    {
        using TemporaryFolder folder = new();
        string text = folder.File("text.png", "not a picture");
        await Refuses("text.png", "explain", "--image", text, "--out", folder.File("out.png"));
        await Refuses("magic bytes", "explain", "--tensor", text);
        await Refuses("ONNX", "inspect", "--model", text);
        await Refuses("is a folder", "explain", "--image", folder.Path);
        await Refuses("holds no model", "explain", "--model", folder.Path);
        await Refuses("1 class names", "inspect", "--labels", text);
        folder.Names().Should().Equal("text.png");
    }

    [Fact]
    public async Task Tensors_of_another_shape_or_with_NaN_are_mistakes()
    {
        using TemporaryFolder folder = new();
        string place = folder.File("out.png");
        await Refuses("(3, 128, 128); expected images", "explain", "--tensor",
            CommandRun.Tensor(folder, "flat.npy", 3, 128, 128), "--out", place);
        await Refuses("3 × 64 × 64", "explain", "--tensor", CommandRun.Tensor(folder, "small.npy", 1, 3, 64, 64),
            "--out", place);
        await Refuses("(0, 3, 128, 128)", "explain", "--tensor",
            CommandRun.Tensor(folder, "none.npy", 0, 3, 128, 128), "--out", place);
        float[] values = new float[3 * 128 * 128];
        values[^1] = float.NaN;
        new NpyArray([1, 3, 128, 128], values).Save(folder.File("nan.npy"));
        await Refuses("nan.npy[0]: The value at channel 2, row 127, column 127 is NaN", "explain", "--tensor",
            folder.File("nan.npy"), "--out", place);
        File.Exists(place).Should().BeFalse();
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        CommandRun run = await CommandRun.Of("explain", "--class", "kat", "--verbose");
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith("scorecam: There is no class 'kat'").And.Contain("   at ");
    }

    [Fact]
    public async Task An_interruption_before_or_during_the_run_leaves_no_result_files()
    {
        using TemporaryFolder folder = new();
        string tensor = CommandRun.Tensor(folder, "x.npy", 50, 3, 128, 128);
        string[] arguments = ["explain", "--tensor", tensor, "--out", folder.File("a/"), "--json",
            folder.File("a.json"), "--map", folder.File("a.npy")];
        using CancellationTokenSource before = new();
        await before.CancelAsync();
        (await CommandRun.Of(before.Token, arguments)).Should()
            .Be(new CommandRun(130, "", "scorecam: interrupted" + Environment.NewLine));

        using CancellationTokenSource during = new();
        Task<CommandRun> run = CommandRun.Of(during.Token, arguments);
        while (!Directory.Exists(folder.File("a")) && !run.IsCompleted)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await during.CancelAsync();
        (await run).ExitCode.Should().Be(130);
        folder.Names().Where(name => !name.EndsWith(".png", StringComparison.Ordinal)).Should().Equal("a", "x.npy");
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("inspect")]
    public async Task Help_is_not_a_mistake(string command)
    {
        CommandRun run = await CommandRun.Of(command, "--help");
        run.ExitCode.Should().Be(0);
        run.Output.Should().Contain("--model");
        run.Error.Should().BeEmpty();
    }

    private static async Task Refuses(string says, params string[] arguments)
    {
        CommandRun run = await CommandRun.Of(arguments);
        run.ExitCode.Should().Be(2, run.Error);
        run.Error.Should().StartWith("scorecam: ").And.Contain(says);
        run.Error.TrimEnd().Should().NotContain("\n");
    }
}
