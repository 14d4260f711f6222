using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Imaging;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>The lines that README.md shows, with other paths.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_ten_lines_run()
    {
        using TemporaryFolder folder = new();

        using var model = ImageModel.Load(EmbeddedDefault.Model);
        var explainer = new ScoreCamExplainer(model);

        RgbImage photo = SkiaImage.Load(EmbeddedDefault.Photo);
        Explanation why = explainer.Explain(photo, cancellationToken: TestContext.Current.CancellationToken);
        why.Overlay().SavePng(folder.File("why.png"));

        var both = explainer.Explain(photo, [Target.Class("cat"), Target.Class("dog")], cancellationToken: TestContext.Current.CancellationToken);

        why.TargetName.Should().Be("cat");
        both.Select(explanation => explanation.TargetName).Should().Equal("cat", "dog");
        both[0].Map.Values.ToArray().Should().Equal(why.Map.Values.ToArray());
        folder.Names().Should().Equal("why.png");
    }
}
