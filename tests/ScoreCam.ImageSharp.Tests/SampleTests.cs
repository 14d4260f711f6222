namespace ScoreCam.ImageSharp.Tests;

/// <summary>The sample with both image libraries, as a process of its own.</summary>
public class SampleTests
{
    [Fact]
    public async Task Both_libraries_lead_to_the_same_map()
    {
        using Clone clone = new();

        (int exitCode, string output) = await clone.Run("ImageSharpAndSkia");

        exitCode.Should().Be(0, output);
        output.Should().Contain("cat 95 % and cat 95 %; the maps differ by 0.000");
        File.Exists(clone.File("why-imagesharp.png")).Should().BeTrue();
        File.Exists(clone.File("why-skia.png")).Should().BeTrue();
    }
}
