// curl --data-binary @photos/chelsea.png "http://127.0.0.1:5080/explain?target=cat" --output why.png
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.RateLimiting;
using ScoreCam;
using ScoreCam.Skia;

const int MaxBytes = 10 << 20;    // of the upload
const int MaxPixels = 20_000_000; // of the picture in it: a small file can announce a huge one

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue("port", 5080)); // this computer only
    kestrel.Limits.MaxRequestBodySize = MaxBytes;
});

// An explanation uses all cores, so a few at a time are enough; a few more may wait, the rest is told to come back.
builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
    options.AddConcurrencyLimiter("explain", limit => (limit.PermitLimit, limit.QueueLimit) = (2, 8));
});

using var model = ImageModel.Load(builder.Configuration["model"] ?? "models/everyday20");
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
        RgbImage photo = SkiaImage.Load(upload.ToArray(), MaxPixels);
        Explanation why = await explainer.ExplainAsync(photo, target is null ? null : Target.Class(target), cancellationToken: clientLeft);
        http.Response.Headers["X-Class"] = Uri.EscapeDataString(why.TargetName);
        http.Response.Headers["X-Probability"] = why.Probability?.ToString("0.0000", CultureInfo.InvariantCulture);
        return Results.Bytes(why.Overlay().ToPng(), "image/png");
    }
    catch (OperationCanceledException) when (clientLeft.IsCancellationRequested)
    {
        app.Logger.LogInformation("The client left, and its explanation was stopped.");
        return Results.Empty;
    }
    catch (Exception mistake) when (mistake is InvalidDataException or ArgumentException)
    {
        return Results.Problem(mistake.Message, statusCode: StatusCodes.Status400BadRequest);
    }
}).RequireRateLimiting("explain");

app.Run();
