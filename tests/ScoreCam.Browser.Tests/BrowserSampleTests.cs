using FluentAssertions;
using Microsoft.Playwright;
using ScoreCam.Export;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>The page of samples/Browser, with the exported SqueezeNet 1.1, in a browser.</summary>
public class BrowserSampleTests
{
    private static string Sample => Path.Combine(SharedFolder.Repository, "samples", "Browser");

    private static string Network => Path.Combine(SharedFolder.Repository, "models", "squeezenet1.1");

    private static string Cat => Path.Combine(SharedFolder.Repository, "photos", "chelsea.png");

    [Fact]
    public async Task The_page_shows_the_same_class_and_map_as_the_library()
    {
        using TemporaryFolder folder = new();
        using StaticServer server = await Serve(folder);
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(server.Address);
        await Choose(open, Cat);

        using ImageModel model = ImageModel.Load(Network);
        RgbImage photo = ImageSharpImage.Load(Cat);
        GradCamExplainer gradCam = new(model);
        Explanation expected = gradCam.Explain(photo, cancellationToken: TestContext.Current.CancellationToken);
        (await open.Evaluate<int>("explanation.classIndex")).Should().Be(expected.ClassIndex);
        (await open.Page.TextContentAsync("#name")).Should().Be("Egyptian cat");
        (await LargestDifference(open, expected)).Should().BeLessThan(1e-5f);
        double probability = await open.Evaluate<double>("explanation.probabilities[explanation.classIndex]");
        probability.Should().BeApproximately(expected.Probability!.Value, 1e-4);

        // The second of the five classes.
        string second = "#classes li:nth-child(2) button";
        await open.Page.FocusAsync(second);
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForSelectorAsync($"{second}[aria-pressed=true]");
        int other = await open.Evaluate<int>("explanation.classIndex");
        Explanation chosen = gradCam.Explain(
            photo, Target.Class(other), cancellationToken: TestContext.Current.CancellationToken);
        other.Should().NotBe(expected.ClassIndex!.Value);
        (await LargestDifference(open, chosen)).Should().BeLessThan(1e-5f);
        open.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_a_phone_and_its_text_has_contrast(ColorScheme scheme)
    {
        using TemporaryFolder folder = new();
        using StaticServer server = await Serve(folder);
        await using Browser browser = await Browser.StartAsync();
        OpenPage phone = await browser.OpenAsync(server.Address, 390, 840, scheme);
        await Choose(phone, Cat);
        (await phone.Evaluate<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(390);
        double difference = await phone.Brightness("backgroundColor") - await phone.Brightness("color");
        Math.Abs(difference).Should().BeGreaterThan(150);
        (difference > 0).Should().Be(scheme == ColorScheme.Light);
        phone.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_not_a_picture_gives_a_message()
    {
        using TemporaryFolder folder = new();
        using StaticServer server = await Serve(folder);
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(server.Address);
        await Ready(open);
        await open.Page.SetInputFilesAsync("#file", Path.Combine(Sample, "package.json"));
        await open.Page.WaitForSelectorAsync("#status.bad");
        (await open.Page.TextContentAsync("#status")).Should().Contain("no picture");
    }

    [Fact]
    public async Task A_folder_without_a_model_gives_a_message()
    {
        using TemporaryFolder folder = new();
        using StaticServer server = await Serve(folder);
        Directory.Delete(folder.File("model"), recursive: true);
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(server.Address);
        await open.Page.WaitForSelectorAsync("#status.bad");
        (await open.Page.TextContentAsync("#status")).Should().Contain("could not be loaded").And.Contain("README");
    }

    /// <summary>Sets up the folder as described in the README of the sample.</summary>
    private static async Task<StaticServer> Serve(TemporaryFolder folder)
    {
        string packages = await NpmPackages.Require(Sample);
        foreach (string file in Directory.GetFiles(Sample))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        Directory.CreateSymbolicLink(folder.File("node_modules"), packages);
        string target = folder.File("model");
        Directory.CreateDirectory(target);
        foreach (string sidecar in Directory.GetFiles(Network, "*.json"))
            File.Copy(sidecar, Path.Combine(target, Path.GetFileName(sidecar)));
        foreach (string photo in new[] { "chelsea.png", "coffee.png", "rocket.jpg" })
            File.Copy(Path.Combine(SharedFolder.Repository, "photos", photo), Path.Combine(target, photo));
        using ImageModel model = ImageModel.Load(Network);
        model.Export(Path.Combine(target, "explained.onnx"), new() { ClassInput = true });
        return new StaticServer(folder.Path);
    }

    private static Task Ready(OpenPage open) =>
        open.Page.WaitForFunctionAsync("document.getElementById('status').textContent === 'Ready.'");

    private static async Task Choose(OpenPage open, string picture)
    {
        await Ready(open);
        await open.Page.SetInputFilesAsync("#file", picture);
        await open.Page.WaitForSelectorAsync(".has-picture");
    }

    private static async Task<float> LargestDifference(OpenPage open, Explanation expected)
    {
        float[] map = await open.Evaluate<float[]>("[...explanation.map]");
        float[] values = expected.Map.Values.ToArray();
        map.Should().HaveSameCount(values);
        return map.Zip(values, (a, b) => MathF.Abs(a - b)).Max();
    }
}
