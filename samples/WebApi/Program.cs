// curl --data-binary @photos/chelsea.png "http://127.0.0.1:5080/explain?target=Egyptian%20cat" --output why.png
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.RateLimiting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ScoreCam;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;

const int MaxBytes = 10 << 20;    // Of an upload.
const int MaxPixels = 20_000_000; // Of its picture. A small file can hold a huge picture.

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue("port", 5080)); // Only this computer.
    kestrel.Limits.MaxRequestBodySize = MaxBytes;
});

// An explanation uses all cores. Two run at a time, eight more may wait, and the others get status 503.
builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
    options.AddConcurrencyLimiter("explain", limit => (limit.PermitLimit, limit.QueueLimit) = (2, 8));
});

// --telemetry console writes times and passes to the console, through OpenTelemetry. docs/reliability.md lists them.
if (builder.Configuration["telemetry"] == "console")
    builder.Services.AddOpenTelemetry()
        // An explanation is sampled with the request that it belongs to.
        .WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore", "ScoreCam").AddConsoleExporter())
        .WithMetrics(metrics => metrics.AddMeter("ScoreCam").AddConsoleExporter());

using var model = ImageModel.Load(builder.Configuration["model"] ?? "models/squeezenet1.1");
var explainer = new ScoreCamExplainer(model);
WebApplication app = builder.Build();
app.UseRateLimiter();

app.MapPost("/explain", async (HttpContext http, string? target) =>
{
    CancellationToken clientLeft = http.RequestAborted;
    try
    {
        using var upload = new MemoryStream();
        await http.Request.Body.CopyToAsync(upload, clientLeft);
        RgbImage photo = ImageSharpImage.Load(upload.ToArray(), MaxPixels);
        Target? asked = target is null ? null : Target.Class(target);
        Explanation why = await explainer.ExplainAsync(photo, asked, cancellationToken: clientLeft);
        http.Response.Headers["X-Class"] = Uri.EscapeDataString(why.TargetName);
        http.Response.Headers["X-Probability"] = why.Probability?.ToString("0.0000", CultureInfo.InvariantCulture);
        using var png = new MemoryStream();
        await why.Overlay().ToImageSharp().SaveAsPngAsync(png, clientLeft);
        return Results.Bytes(png.ToArray(), "image/png");
    }
    catch (OperationCanceledException) when (clientLeft.IsCancellationRequested)
    {
        app.Logger.LogInformation("The client left. Its explanation was stopped.");
        return Results.Empty;
    }
    catch (Exception mistake) when (mistake is InvalidDataException or ArgumentException)
    {
        return Results.Problem(mistake.Message, statusCode: StatusCodes.Status400BadRequest);
    }
}).RequireRateLimiting("explain");

app.Run();
