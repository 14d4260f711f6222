using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Microsoft.Playwright;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>The page of an evaluation in a browser.</summary>
public class EvaluationPageTests
{
    [Fact]
    public async Task The_page_shows_a_verdict_pictures_figures_curves_and_the_sanity_check()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Evaluation(folder));
        await open.ShowAll();

        (await open.Evaluate<string>("document.title")).Should().Be("everyday20: how well maps explain it");
        (await open.Evaluate<string>("document.querySelector('.verdict').textContent"))
            .Should().Contain("A map of eigen-cam takes");
        (await open.Evaluate<string>("document.querySelector('[data-view=pictures]').textContent"))
            .Should().Contain(Pages.Hostile).And.Contain(Pages.HostileClass);
        (await open.Evaluate<int>("document.querySelectorAll('[data-view=curves] polyline').length"))
            .Should().BeGreaterThanOrEqualTo(2 * 3, "two metrics with curves, a method and the controls");
        (await open.Evaluate<int>("document.querySelectorAll('.strip canvas').length"))
            .Should().Be(9, "the map and eight steps");
        (await open.Evaluate<int>("document.querySelectorAll('.card .shot rect').length"))
            .Should().Be(2, "the boxes of coffee.jpg");
        (await open.Evaluate<string>("document.querySelector('#notes').textContent"))
            .Should().Contain("stretch").And.NotContain("Preprocessing {");

        string[] order =
            await open.Evaluate<string[]>("[...document.querySelectorAll('main > section')].map(s => s.id)");
        order.Should().Equal("methods", "pictures", "figures", "curves", "sanity", "notes");

        await open.Page.HoverAsync("[data-view=curves] svg >> nth=0 >> .name >> nth=1");
        const string faint = "document.querySelectorAll('[data-view=curves] svg:first-of-type polyline.faint').length";
        (await open.Evaluate<int>(faint))
            .Should().BeGreaterThan(0, "the other curves become faint if the mouse is over a name");
        open.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_figures_equal_those_of_the_JSON()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Evaluation(folder));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        foreach (JsonElement row in json.RootElement.GetProperty("summary").EnumerateArray())
            foreach (JsonProperty cell in row.GetProperty("cells").EnumerateObject())
            {
                string method = row.GetProperty("method").GetString()!;
                string text = await open.Evaluate<string>($$"""
                    [...document.querySelectorAll('[data-metric="{{cell.Name}}"] tr')]
                      .find(row => row.querySelector('th').firstChild.textContent === '{{method}}')
                      .querySelector('td.num').textContent
                    """);
                string format = cell.Name == "average-drop" ? "0.0" : "0.000";
                string Number(string name) =>
                    cell.Value.GetProperty(name).GetDouble().ToString(format, CultureInfo.InvariantCulture);
                text.Should().StartWith($"{Number("mean")} [{Number("low")}, {Number("high")}]",
                    $"{cell.Name} of {method}");
            }
    }

    [Fact]
    public async Task Cards_are_sorted_by_their_values_and_every_value_is_labelled()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Evaluation(folder));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("a.json")));
        JsonElement[] metrics = [.. json.RootElement.GetProperty("setup").GetProperty("metrics").EnumerateArray()];
        (string Picture, JsonElement Values)[] cases =
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray().Where(c =>
                c.GetProperty("method").GetString() == "random")
                .Select(c => (c.GetProperty("picture").GetString()!, c.GetProperty("values"))),
        ];
        await open.Page.SelectOptionAsync("#method", "1");
        for (int m = 0; m < metrics.Length; m++)
            foreach (string order in new[] { "worst", "best" })
            {
                await open.Page.SelectOptionAsync("#metric", m.ToString(CultureInfo.InvariantCulture));
                await open.Page.SelectOptionAsync("#order", order);
                string name = metrics[m].GetProperty("name").GetString()!;
                double? Value((string Picture, JsonElement Values) c) =>
                    c.Values.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
                        ? value.GetDouble()
                        : null;
                bool ascending = (order == "worst") == metrics[m].GetProperty("higherIsBetter").GetBoolean();
                string[] expected =
                    [.. cases.OrderBy(c => Value(c) is null).ThenBy(c => ascending
                        ? Value(c)
                        : -Value(c)).Select(c => c.Picture)];
                string[] shown = await open.Evaluate<string[]>(
                    "[...document.querySelectorAll('.card')].map(card => card.dataset.picture)");
                shown.Should().Equal(expected, $"{name}, {order} first");
                string[] labels = await open.Evaluate<string[]>(
                    "[...document.querySelectorAll('.card figcaption')].filter(c => "
                    + "c.querySelector('[data-method]')).map(c => c.textContent)");
                labels.Should().NotBeEmpty().And.OnlyContain(label =>
                    label.Contains(metrics[m].GetProperty("title").GetString()!));
            }
    }

    [Fact]
    public async Task The_page_follows_the_theme_of_the_system_and_of_its_button_and_fits_a_phone()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        string report = await Pages.Evaluation(folder);
        OpenPage phone = await browser.OpenAsync(report, 360, 740, ColorScheme.Dark);
        await phone.ShowAll();
        (await phone.Evaluate<int>("document.documentElement.scrollWidth"))
            .Should().BeLessThanOrEqualTo(360, "only tables scroll horizontally");
        (await phone.Brightness("backgroundColor")).Should().BeLessThan(60);
        (await phone.Brightness("color")).Should().BeGreaterThan(200);
        await phone.Page.ClickAsync(".theme");
        (await phone.Brightness("backgroundColor")).Should().BeGreaterThan(240, "the button sets the light theme");
        phone.Errors.Should().BeEmpty();

        OpenPage light = await browser.OpenAsync(report);
        (await light.Brightness("backgroundColor")).Should().BeGreaterThan(240);
        (await light.Brightness("color")).Should().BeLessThan(60);
        int widest = await light.Evaluate<int>(
            "Math.max(...[...document.querySelectorAll('.forest')].map(t => t.scrollWidth - t.clientWidth))");
        widest.Should().BeLessThanOrEqualTo(0, "the tables of figures fit");
    }
}
