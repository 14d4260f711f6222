using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Cli.Explain;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>Paths of output files, and outputs that are refused before the computation.</summary>
public class OutputTests
{
    [Fact]
    public void One_picture_is_written_to_the_given_file()
    {
        using TemporaryFolder folder = new();
        new OverlayFiles(folder.File("why.PNG"), 1, namesLayers: false).PathFor("photo", "cat", "layer").Should()
            .Be(folder.File("why.PNG"));
        folder.Names().Should().BeEmpty();
    }

    [Fact]
    public void Several_pictures_get_safe_and_unique_names()
    {
        using TemporaryFolder folder = new();
        OverlayFiles files = new(folder.File("new/out"), 9, namesLayers: true);
        folder.Names().Should().Equal("new");
        string Name(string image, string name, string layer) =>
            Path.GetRelativePath(folder.File("new/out"), files.PathFor(image, name, layer));

        Name("photo", "tench, Tinca tinca", "fire9/concat_1").Should().Be("photo-tench-fire9_concat_1.png");
        Name("PHOTO", "tench", "fire9/concat_1").Should().Be("PHOTO-tench-fire9_concat_1-2.png");
        Name("../..", "a:b*c?\"<>|\\d\0", "/l/").Should().Be("_-a_b_c______d-l.png");
        Name("Ünïcödé 猫", "name\nwith\tbreaks", "l").Should().Be("Ünïcödé_猫-name_with_breaks-l.png");
        Name(new string('x', 500), "c", "l").Should().Be(new string('x', 60) + "-c-l.png");
    }

    [Fact]
    public void Names_omit_the_layer_if_there_is_only_one()
    {
        using TemporaryFolder folder = new();
        new OverlayFiles(folder.Path, 2, namesLayers: false).PathFor("photo", "cat", "layer").Should()
            .Be(folder.File("photo-cat.png"));
    }

    [Fact]
    public void An_output_does_not_use_the_name_of_an_explained_picture()
    {
        using TemporaryFolder folder = new();
        string earlier = folder.File("photo-cat.png", "a picture");
        OverlayFiles files = new(folder.Path, 2, namesLayers: false, [folder.File("photo.png"), earlier]);
        files.PathFor("photo", "cat", "layer").Should().Be(folder.File("photo-cat-2.png"));
        files.PathFor("photo", "dog", "layer").Should().Be(folder.File("photo-dog.png"));
    }

    [Fact]
    public void One_file_for_several_pictures_and_other_formats_are_refused()
    {
        using TemporaryFolder folder = new();
        FluentActions.Invoking(() => new OverlayFiles(folder.File("why.png"), 2, namesLayers: false)).Should()
            .Throw<UserException>().WithMessage("*for 2 pictures; name a folder");
        FluentActions.Invoking(() => new OverlayFiles(folder.File("why.jpg"), 1, namesLayers: false)).Should()
            .Throw<UserException>().WithMessage("*neither a .png nor a folder");
    }

    [Fact]
    public void A_file_is_written_completely_or_not_at_all()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.txt", "old");
        using (OutputFile file = OutputFile.Begin(path))
            File.WriteAllText(file.TemporaryPath, "half");
        File.ReadAllText(path).Should().Be("old");
        using (OutputFile file = OutputFile.Begin(path))
        {
            File.WriteAllText(file.TemporaryPath, "whole");
            file.Commit();
        }
        File.ReadAllText(path).Should().Be("whole");
        folder.Names().Should().Equal("a.txt");
    }

    [Fact]
    public void Links_and_devices_are_not_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and devices of Unix.");
        using TemporaryFolder folder = new();
        string target = folder.File("target", "old"), link = folder.File("link");
        File.CreateSymbolicLink(link, target);
        using (OutputFile file = OutputFile.Begin(link))
        {
            File.WriteAllText(file.TemporaryPath, "new");
            file.Commit();
        }
        File.ReadAllText(target).Should().Be("new");
        new FileInfo(link).LinkTarget.Should().Be(target);
        OutputFile.Begin("/dev/null").TemporaryPath.Should().Be("/dev/null");

        string toDevice = folder.File("device"), toNothing = folder.File("nothing"), missing = folder.File("missing");
        File.CreateSymbolicLink(toDevice, "/dev/null");
        OutputFile.Begin(toDevice).TemporaryPath.Should().Be("/dev/null");
        File.CreateSymbolicLink(toNothing, missing);
        using (OutputFile file = OutputFile.Begin(toNothing))
            file.Commit();
        new FileInfo(toNothing).LinkTarget.Should().Be(missing);
        File.Exists(missing).Should().BeTrue();
    }

    [Theory]
    [InlineData("--out", "file/x.png")]
    [InlineData("--out", "file/folder")]
    [InlineData("--out", "missing/x.png")]
    [InlineData("--json", "missing/x.json")]
    [InlineData("--json", "folder")]
    [InlineData("--map", "file/x.npy")]
    public async Task An_unwritable_output_is_refused_before_the_model_is_loaded(string option, string name)
    {
        using TemporaryFolder folder = new();
        folder.File("file", "");
        Directory.CreateDirectory(folder.File("folder"));
        CommandRun run = await CommandRun.Of("explain", "--model", "nowhere.onnx", option, folder.File(name));
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(folder.File(name)).And.NotContain("nowhere.onnx");
        folder.Names().Should().Equal("file", "folder");
    }

    [Fact]
    public async Task An_output_cannot_overwrite_the_picture_or_another_output()
    {
        using TemporaryFolder folder = new();
        string photo = folder.File("cat.png");
        File.Copy(EmbeddedDefault.Photo, photo);
        (await CommandRun.Of("explain", "--image", photo, "--out", photo)).Error.Should()
            .Contain("would be overwritten");
        (await CommandRun.Of("explain", "--json", folder.File("a"), "--map", folder.File("a"))).Error.Should()
            .Contain("different files");
        File.ReadAllBytes(photo).Should().Equal(File.ReadAllBytes(EmbeddedDefault.Photo));
    }

    [Fact]
    public async Task An_output_cannot_overwrite_an_input_even_through_a_link()
    {
        using TemporaryFolder folder = new();
        string photo = folder.File("cat.png"), link = folder.File("link.png"), model = folder.File("model.onnx"),
            text = folder.File("text", "as it was");
        File.Copy(EmbeddedDefault.Photo, photo);
        File.Copy(Path.Combine(EmbeddedDefault.Model, "model.onnx"), model);
        File.CreateSymbolicLink(link, photo);
        string[][] refused =
        [
            ["explain", "--image", photo, "--out", link],
            ["explain", "--image", link, "--figure", photo],
            ["explain", "--model", model, "--json", model],
            ["explain", "--labels", text, "--map", text],
            ["evaluate", "--images", folder.Path, "--boxes", text, "--csv", text],
            ["evaluate", "--images", folder.Path, "--model", model, "--json", model],
            ["merge", text, "--json", text],
            ["compare", "--image", photo, "--method", "cam", "eigen-cam", "--out", link],
            ["compare", "--image", photo, "--model", model, model, "--report", model],
        ];
        foreach (string[] arguments in refused)
        {
            CommandRun run = await CommandRun.Of(arguments);
            run.Error.Should().Contain("is read, and would be overwritten", string.Join(' ', arguments));
            run.ExitCode.Should().Be(2);
        }
        File.ReadAllBytes(photo).Should().Equal(File.ReadAllBytes(EmbeddedDefault.Photo));
        File.ReadAllBytes(model).Should().Equal(File.ReadAllBytes(Path.Combine(EmbeddedDefault.Model, "model.onnx")));
        File.ReadAllText(text).Should().Be("as it was");
    }
}
