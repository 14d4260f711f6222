using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.Samples.Tests.Support;
using Xunit;

namespace ScoreCam.Samples.Tests.Samples;

/// <summary>Sends real requests to the web API over the loopback interface.</summary>
public sealed partial class WebApiTests : IAsyncLifetime
{
    private readonly Clone _clone = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
    });

    private ChildProcess? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = new(_clone.Path, Clone.Sample("WebApi"), "--port", "0");
        string log = await _server.Wrote("Application started");
        _http.BaseAddress = new(Address.Match(log).Groups["url"].Value);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _server?.Dispose();
        _clone.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_photograph_is_returned_with_its_explanation()
    {
        byte[] photo = await File.ReadAllBytesAsync(_clone.File(Path.Combine("photos", "chelsea.png")), Cancellation);

        using HttpResponseMessage answer = await _http.PostAsync("/explain", new ByteArrayContent(photo), Cancellation);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("image/png");
        Uri.UnescapeDataString(answer.Headers.GetValues("X-Class").Single()).Should().Be("Egyptian cat");
        double.Parse(answer.Headers.GetValues("X-Probability").Single()).Should().BeApproximately(0.639, 0.002);
        RgbImage overlay = ImageSharpImage.Load(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        (overlay.Width, overlay.Height).Should().Be((451, 300));
    }

    [Fact]
    public async Task A_bad_request_is_answered_with_the_reason()
    {
        byte[] photo = await File.ReadAllBytesAsync(_clone.File(Path.Combine("photos", "coffee.png")), Cancellation);

        using HttpResponseMessage noClass = await Post("/explain?target=toaster%20oven", new ByteArrayContent(photo));
        using HttpResponseMessage noPicture = await Post("/explain", new StringContent("no picture"));
        using HttpResponseMessage hugePicture = await Post("/explain", new ByteArrayContent(HeaderOfHugeBitmap()));
        // The client waits for the refusal before it uploads. A refusal during the upload would close the connection.
        using HttpRequestMessage announced = new(HttpMethod.Post, "/explain")
        {
            Content = new ByteArrayContent(new byte[11 << 20]),
            Headers = { ExpectContinue = true },
        };
        using HttpResponseMessage hugeUpload = await _http.SendAsync(announced, Cancellation);

        noClass.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await noClass.Content.ReadAsStringAsync(Cancellation)).Should().Contain("toaster oven");
        noPicture.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        hugePicture.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await hugePicture.Content.ReadAsStringAsync(Cancellation)).Should().Contain("20000000");
        hugeUpload.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task The_work_stops_if_the_client_disconnects()
    {
        byte[] photo = await File.ReadAllBytesAsync(_clone.File(Path.Combine("photos", "coffee.png")), Cancellation);
        string host = _http.BaseAddress!.Authority;
        string head = $"POST /explain HTTP/1.1\r\nHost: {host}\r\nContent-Length: {photo.Length}\r\n\r\n";

        // The client sends the whole request and closes the connection.
        using (TcpClient client = new())
        {
            await client.ConnectAsync(IPAddress.Loopback, _http.BaseAddress.Port, Cancellation);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancellation);
            await client.GetStream().WriteAsync(photo, Cancellation);
        }

        await _server!.Wrote("The client left");
    }

    private Task<HttpResponseMessage> Post(string path, HttpContent content) =>
        _http.PostAsync(path, content, Cancellation);

    /// <summary>A Windows bitmap that announces 30,000 × 30,000 pixels and ends after its header.</summary>
    private static byte[] HeaderOfHugeBitmap()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("BM"u8);
        foreach (int value in (int[])[int.MaxValue, 0, 54, 40, 30_000, 30_000])
            writer.Write(value);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24 + 4096]);
        return stream.ToArray();
    }

    [GeneratedRegex(@"Now listening on: (?<url>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Address { get; }
}
