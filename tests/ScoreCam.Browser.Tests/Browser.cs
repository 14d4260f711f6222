using Microsoft.Playwright;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>
/// The Chromium of the system, without a window. A test that needs it is skipped visibly if it is not installed.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        string? chromium = Places.FirstOrDefault(File.Exists);
        if (chromium is null)
            Assert.Skip($"Needs a chromium ({string.Join(", ", Places)}), which is not installed.");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new(playwright, browser);
    }

    /// <summary>Opens a file from disk, or an address.</summary>
    public async Task<OpenPage> OpenAsync(string path, int width = 1400, int height = 1000,
        ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context =
            await _browser.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        IPage page = await context.NewPageAsync();
        Uri address = new(path);
        OpenPage open = new(page, address.IsFile ? "file:" : address.AbsoluteUri);
        await page.GotoAsync(address.AbsoluteUri);
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page and its errors.</summary>
internal sealed class OpenPage
{
    /// <param name="page">The page.</param>
    /// <param name="origin">The start of the addresses of its own files. Other requests are errors.</param>
    public OpenPage(IPage page, string origin)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Errors.Add(message.Text);
        };
        page.PageError += (_, error) => Errors.Add(error);
        page.Dialog += (_, dialog) =>
        {
            Errors.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (!new[] { origin, "data:", "blob:" }.Any(own => request.Url.StartsWith(own, StringComparison.Ordinal)))
                Errors.Add($"asked for {request.Url}");
        };
    }

    public IPage Page { get; }

    public List<string> Errors { get; } = [];

    public Task<T> Evaluate<T>(string script) => Page.EvaluateAsync<T>(script);
}
