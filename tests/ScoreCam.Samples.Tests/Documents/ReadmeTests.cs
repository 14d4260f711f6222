using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Rendering;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Documents;

public class ReadmeTests
{
    private static readonly Document Readme = new("README.md");

    [Fact]
    public async Task The_code_blocks_run()
    {
        using Clone clone = new();

        (int exitCode, string output) = await DocumentProgram.Run(Readme, clone);

        output.Should().StartWith("Egyptian cat: 64 %").And.Contain("fire9/concat_1  512 × 13 × 13");
        exitCode.Should().Be(0);
        foreach (string file in new[] { "why.png", "figure.png", "why.json" })
            new FileInfo(clone.File(file)).Length.Should().BeGreaterThan(10_000, file);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("eng/package/README.md")]
    public void The_first_block_is_the_quickstart(string path)
    {
        string quickstart = Path.Combine(SharedFolder.Repository, "samples", "Quickstart", "Program.cs");
        string code = File.ReadAllText(quickstart).ReplaceLineEndings("\n");

        new Document(path).CSharpBlocks[0].Should().Be(code);
    }

    [Fact]
    public void The_README_is_short() => Readme.Text.TrimEnd().Split('\n').Should().HaveCountLessThanOrEqualTo(200);

    [Theory]
    [InlineData(typeof(ScoreCamOptions))]
    [InlineData(typeof(ModelOptions))]
    [InlineData(typeof(OverlayOptions))]
    public void The_README_names_every_option(Type options)
    {
        // An overlay reads Signed from the explanation.
        IEnumerable<string> names = options.GetProperties().Select(property => property.Name).Except(["Signed"]);

        names.Where(name => !Readme.Text.Contains($"`{name}`")).Should().BeEmpty();
    }
}
