using System.Text.Json;
using FluentAssertions;
using Microsoft.Playwright;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>The page of a comparison of networks in a browser.</summary>
public class ComparisonPageTests
{
    [Fact]
    public async Task The_page_shows_networks_agreement_similarity_classes_and_pictures()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Comparison(folder));
        await open.ShowAll();

        (await open.Evaluate<string>("document.title")).Should().Be("3 networks side by side");
        string[] sections =
            await open.Evaluate<string[]>("[...document.querySelectorAll('main section[id]')].map(s => s.id)");
        sections.Should().Equal("networks", "agreement", "looks", "classes", "picture", "answers", "matrix", "notes");
        string[] empty = await open.Evaluate<string[]>(
            "[...document.querySelectorAll('[data-view]')].filter(v => v.textContent.trim() === '').map(v => "
            + "v.dataset.view)");
        empty.Should().BeEmpty("every view is drawn");
        (await open.Evaluate<string>("document.querySelector('main').textContent"))
            .Should().Contain(Pages.Hostile).And.Contain("shifted <i>");
        (await open.Evaluate<int>("document.querySelectorAll('[data-view=matrix] .line').length")).Should().Be(3);
        (await open.Evaluate<int>("document.querySelectorAll('[data-view=matrix] .line:first-child canvas').length"))
            .Should().Be(2);
        string[] unlabelled = await open.Evaluate<string[]>(
            "[...document.querySelectorAll('.shot[role=img], svg[role]')].filter(e => "
            + "!e.getAttribute('aria-label')).map(e => e.outerHTML.slice(0, 99))");
        unlabelled.Should().BeEmpty("every drawing has a text");
        string[] nameless = await open.Evaluate<string[]>(
            """
            [...document.querySelectorAll('select, input, button')]
              .filter(e => !(e.labels?.[0]?.textContent.trim() || e.textContent.trim() || e.getAttribute('aria-label')))
              .map(e => e.outerHTML)
            """);
        nameless.Should().BeEmpty("every control has a name");
        open.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_networks_sort_by_every_column()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Comparison(folder));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("c.json")));
        (string Name, double Share)[] networks =
        [
            .. json.RootElement.GetProperty("figures").GetProperty("networks").EnumerateArray()
                .Select(n => (n.GetProperty("network").GetString()!,
                    n.GetProperty("accuracy").GetProperty("share").GetDouble())),
        ];
        networks.Select(network => network.Share).Distinct().Should().HaveCountGreaterThan(1);

        const string names =
            "[...document.querySelectorAll('[data-view=networks] table')][0].querySelectorAll('tbody th')";
        const string accuracy = "[data-view=networks] table >> nth=0 >> th:has-text('Accuracy') >> button";
        Task<string[]> Shown() => open.Evaluate<string[]>($"[...{names}].map(cell => cell.textContent)");
        (await Shown()).Should().Equal(networks.OrderByDescending(network => network.Share).Select(network =>
            network.Name));
        await open.Page.ClickAsync(accuracy);
        (await Shown()).Should().Equal(networks.OrderBy(network => network.Share).Select(network => network.Name));
        (await open.Page.GetAttributeAsync("[data-view=networks] table >> nth=0 >> th:has-text('Accuracy')",
            "aria-sort")).Should().Be("ascending");
        await open.Page.FocusAsync("[data-view=networks] table >> nth=0 >> th:has-text('Network') >> button");
        await open.Page.Keyboard.PressAsync("Enter");
        (await Shown()).Should().Equal(networks.Select(network => network.Name).Order(StringComparer.Ordinal),
            "a key also sorts the networks");
        open.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_similarity_matrix_shows_the_chosen_measure()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Comparison(folder));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(folder.File("c.json")));
        JsonElement[] pairs = [.. json.RootElement.GetProperty("figures").GetProperty("similarity").EnumerateArray()];
        JsonElement random = pairs.First(pair =>
            pair.GetProperty("firstNetwork").GetString() == "plain"
                && pair.GetProperty("secondMethod").GetString() == "random"
            && pair.GetProperty("firstMethod").GetString() == "eigen-cam");
        await open.Page.SelectOptionAsync("[data-view=looks] select >> nth=0", "n0");
        foreach ((int i, string measure) in new[] { "pearson", "spearman", "ssim", "topIoU" }.Index())
        {
            await open.Page.SelectOptionAsync("[data-view=looks] select >> nth=1", $"{i}");
            string[] cells = await open.Evaluate<string[]>(
                "[...document.querySelectorAll('[data-view=looks] td')].map(cell => cell.textContent)");
            string expected = FormattableString.Invariant($"{random.GetProperty(measure).GetDouble():0.00}");
            cells.Where(cell => cell.Length > 0).Should().Equal("1.00", expected, expected, "1.00");
        }
        open.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_sliders_set_overlay_and_contour()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Comparison(folder));
        await open.ShowAll();
        const string opacity = "+getComputedStyle(document.querySelector('.task canvas')).opacity";
        (await open.Evaluate<double>(opacity)).Should().Be(0.55);
        await Slide(open, "overlay", 80);
        (await open.Evaluate<double>(opacity)).Should().Be(0.8);

        // A contour of a higher level encloses a smaller area.
        const string path = "document.querySelector('.task [data-contour] path.line').getAttribute('d')";
        string half = await open.Evaluate<string>(path);
        await Slide(open, "level", 90);
        string high = await open.Evaluate<string>(path);
        half.Should().StartWith("M").And.NotBe(high);
        Area(high).Should().BeLessThan(Area(half));
        (await open.Evaluate<string>("document.querySelector('output[for=level]').textContent")).Should().Be("90 %");
        open.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_picture_and_its_class_can_be_chosen_by_mouse_or_key()
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage open = await browser.OpenAsync(await Pages.Comparison(folder));
        await open.Page.SelectOptionAsync("[data-view=picture] select >> nth=0", "all");
        await open.Page.ClickAsync(".film button:nth-child(2)");
        (await open.Page.TextContentAsync("[data-view=picture] .original figcaption")).Should().Contain("coffee.jpg");
        await open.Page.FocusAsync(".film button:nth-child(3)");
        await open.Page.Keyboard.PressAsync("Enter");
        (await open.Page.TextContentAsync("[data-view=picture] .original figcaption")).Should().Contain("rocket.jpg");
        await open.Page.ClickAsync("button[data-class='kind 6']");
        (await open.Page.TextContentAsync("[data-view=classes] [aria-live]"))
            .Should().Contain("kind 6").And.Contain("of 1");
        open.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_a_phone_and_its_text_has_contrast(ColorScheme scheme)
    {
        using TemporaryFolder folder = new();
        await using Browser browser = await Browser.StartAsync();
        OpenPage phone = await browser.OpenAsync(await Pages.Comparison(folder), 390, 840, scheme);
        await phone.ShowAll();
        (await phone.Evaluate<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(390);
        (await phone.Evaluate<string>("document.querySelector('[data-view=networks] table').innerText"))
            .Should().Contain("%", "the table shows numbers, not only names");
        double difference = await phone.Brightness("backgroundColor") - await phone.Brightness("color");
        Math.Abs(difference).Should().BeGreaterThan(150);
        (difference > 0).Should().Be(scheme == ColorScheme.Light);
        phone.Errors.Should().BeEmpty();
    }

    private static Task<object> Slide(OpenPage open, string id, int value) => open.Evaluate<object>(
        $"(e => {{ e.value = {value}; e.dispatchEvent(new Event('input')); }})(document.querySelector('#{id}'))");

    /// <summary>The area of the bounding box of a path.</summary>
    private static double Area(string path)
    {
        double[] numbers = [.. path.Split('M', 'L', ' ').Where(part => part.Length > 0).Select(double.Parse)];
        double[] x = [.. numbers.Where((_, i) => i % 2 == 0)], y = [.. numbers.Where((_, i) => i % 2 == 1)];
        return x.Length == 0 ? 0 : (x.Max() - x.Min()) * (y.Max() - y.Min());
    }
}
