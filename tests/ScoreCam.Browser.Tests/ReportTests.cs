using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Microsoft.Playwright;
using ScoreCam.Cli;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>
/// The pages that the command writes, as a browser shows them. Names of files and classes are as hostile as a file
/// system allows.
/// </summary>
public class ReportTests
{
    private const string Hostile = "<img src=x onerror=\"document.title='broken'\">'&amp;.jpg";

    [Fact]
    public async Task The_report_is_drawn_sorted_and_overlaid()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        string report = await Evaluate(folder);
        OpenPage open = await browser.OpenAsync(report);

        (await open.Evaluate<string>("document.title")).Should().Be("everyday20: how well maps explain it");
        (await open.Evaluate<int>("document.images.length")).Should().BeGreaterThan(20);
        (await open.Evaluate<int>("[...document.images].filter(i => !(i.complete && i.naturalWidth > 0)).length"))
            .Should().Be(0, "every picture is inside");
        (await open.Evaluate<string>("document.querySelector('#gallery').textContent")).Should()
            .Contain(Hostile).And.Contain("<script>cat</script>");
        (await open.Evaluate<int>("document.querySelectorAll('polyline').length")).Should()
            .Be(2 * 3, "two metrics with curves, three methods");
        (await open.Evaluate<int>("document.querySelectorAll('.strip img').length")).Should()
            .Be(9, "the map and eight steps");
        (await open.Evaluate<int>("document.querySelectorAll('.original rect').length")).Should().Be(2);

        await open.Page.HoverAsync(".legend li:nth-child(2)");
        (await open.Evaluate<int>("document.querySelectorAll('polyline:not(.faint)').length")).Should()
            .Be(2, "the legend shows one method alone, in both charts");

        await SortsByValue(open, folder);
        await Overlays(open);
        open.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task It_is_dark_where_the_reader_wants_it_and_fits_a_phone()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        string report = await Evaluate(folder);
        OpenPage phone = await browser.OpenAsync(report, 360, 740, ColorScheme.Dark);
        (await phone.Evaluate<int>("document.documentElement.scrollWidth")).Should()
            .BeLessThanOrEqualTo(360, "only tables scroll sideways");
        (await Brightness(phone, "backgroundColor")).Should().BeLessThan(60);
        (await Brightness(phone, "color")).Should().BeGreaterThan(200);
        phone.Errors.Should().BeEmpty();

        OpenPage light = await browser.OpenAsync(report);
        (await Brightness(light, "backgroundColor")).Should().BeGreaterThan(240);
        (await Brightness(light, "color")).Should().BeLessThan(60);
    }

    [Fact]
    public async Task A_comparison_shows_maps_and_differences()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        string image = Picture(folder, Hostile, "chelsea.png"), report = folder.File("compare.html");
        await Run("compare", "--image", image, "--method", "eigen-cam", "random", "uniform", "--report", report);
        OpenPage open = await browser.OpenAsync(report);
        (await open.Evaluate<int>("[...document.images].filter(i => i.complete && i.naturalWidth > 0).length"))
            .Should().Be(1 + (2 * (3 + 2)),
            "the original, three maps and two differences, each alone and over the picture");
        (await open.Evaluate<string>("document.querySelector('.card h3').textContent")).Should().Be(Hostile);
        (await open.Evaluate<string>("document.title")).Should().Be("Compared explanations");
        await Overlays(open);
        open.Errors.Should().BeEmpty();
    }

    /// <summary>The cards stand in the order of the values in the JSON, for every metric.</summary>
    private static async Task SortsByValue(OpenPage open, TemporaryFolder folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        string[] metrics = [.. json.RootElement.GetProperty("setup").GetProperty("metrics").EnumerateArray()
            .Select(metric => metric.GetProperty("name").GetString()!)];
        bool[] higherIsBetter = [.. json.RootElement.GetProperty("setup").GetProperty("metrics").EnumerateArray()
            .Select(metric => metric.GetProperty("higherIsBetter").GetBoolean())];
        (string Picture, JsonElement Values)[] cases =
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray()
                .Where(c => c.GetProperty("method").GetString() == "random")
                .Select(c => (c.GetProperty("picture").GetString()!, c.GetProperty("values"))),
        ];
        await open.Page.SelectOptionAsync("#method", "1");
        for (int m = 0; m < metrics.Length; m++)
            foreach (string order in new[] { "worst", "best" })
            {
                await open.Page.SelectOptionAsync("#metric", m.ToString(CultureInfo.InvariantCulture));
                await open.Page.SelectOptionAsync("#order", order);
                double? Value((string Picture, JsonElement Values) c) =>
                    c.Values.GetProperty(metrics[m]) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble()
                    : null;
                bool ascending = (order == "worst") == higherIsBetter[m];
                string[] expected = [.. cases.OrderBy(c => Value(c) is null)
                    .ThenBy(c => ascending ? Value(c) : -Value(c)).Select(c => c.Picture)];
                string[] shown = await open.Evaluate<string[]>(
                    "[...document.querySelectorAll('#gallery .original img')].map(i => i.alt)");
                shown.Should().Equal(expected, $"{metrics[m]}, {order} first");
                string[] values = await open.Evaluate<string[]>(
                    "[...document.querySelectorAll('#gallery [data-method=\"1\"]')].map(b => b.textContent)");
                values.Should().NotContain("");
            }
    }

    private static async Task Overlays(OpenPage open)
    {
        const string opacity = "+getComputedStyle(document.querySelector('.stack img')).opacity";
        (await open.Evaluate<double>(opacity)).Should().Be(0.5);
        await open.Evaluate<object>(
            "(o => { o.value = 80; o.dispatchEvent(new Event('input')); })(document.querySelector('#opacity'))");
        (await open.Evaluate<double>(opacity)).Should().Be(0.8);
        (await open.Evaluate<string>("document.querySelector('#opacity-value').textContent")).Should().Be("80 %");
        (await open.Evaluate<string>("getComputedStyle(document.querySelector('.stack')).backgroundImage")).Should()
            .StartWith("url(\"data:image/jpeg");
    }

    private static async Task<double> Brightness(OpenPage open, string property)
    {
        int[] color = await open.Evaluate<int[]>(
            $"getComputedStyle(document.body).{property}.match(/\\d+/g).slice(0, 3).map(Number)");
        return color.Average();
    }

    private static async Task<string> Evaluate(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File("pictures"));
        Picture(folder, Path.Combine("pictures", Hostile), "chelsea.png");
        Picture(folder, Path.Combine("pictures", "coffee.jpg"), "coffee.png");
        Picture(folder, Path.Combine("pictures", "rocket.jpg"), "rocket.jpg");
        string labels = folder.File("labels.txt",
            string.Join('\n', Enumerable.Range(0, 20)
            .Select(i => i == 3 ? "<script>cat</script>" : $"class {i}\"'><b>")));
        string boxes = folder.File("boxes.csv", "file,class_index,class_name,xmin,ymin,xmax,ymax\ncoffee.jpg,6,,10,10,80,100\ncoffee.jpg,6,,90,10,150,60\n");
        await Run(
            "evaluate", "--model", Path.Combine(SharedFolder.Repository, "models", "everyday20"), "--images",
                folder.File("pictures"), "--labels", labels, "--boxes", boxes, "--method", "eigen-cam", "--metric",
                "average-drop", "insertion", "deletion", "energy-in-box",
            "--sanity", "--report", folder.File("a.html"), "--json", folder.File("a.json"));
        return folder.File("a.html");
    }

    private static string Picture(TemporaryFolder folder, string name, string photo)
    {
        JpegFile.Write(Path.Combine(SharedFolder.Repository, "photos", photo), folder.File(name));
        return folder.File(name);
    }

    private static async Task Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        (await CommandLine.InvokeAsync(arguments, output, error, TestContext.Current.CancellationToken)).Should()
            .Be(0, error.ToString());
    }
}
