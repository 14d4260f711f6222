using System.Net;
using System.Net.Sockets;

namespace ScoreCam.Browser.Tests;

/// <summary>Serves the files of a folder on this machine, as a static file server does.</summary>
internal sealed class StaticServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;

    public StaticServer(string folder)
    {
        _folder = Path.GetFullPath(folder);
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Serve();
    }

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The browser closed the connection, or the test ended.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        string path = Path.GetFullPath(Path.Join(_folder, context.Request.Url!.AbsolutePath));
        if (path == _folder + Path.DirectorySeparatorChar)
            path = Path.Combine(_folder, "index.html");
        using HttpListenerResponse response = context.Response;
        if (!path.StartsWith(_folder, StringComparison.Ordinal) || !File.Exists(path))
        {
            response.StatusCode = 404;
            return;
        }
        response.ContentType = Path.GetExtension(path) switch
        {
            ".html" => "text/html",
            ".css" => "text/css",
            ".js" or ".mjs" => "text/javascript",
            ".json" => "application/json",
            ".wasm" => "application/wasm",
            ".png" => "image/png",
            _ => "application/octet-stream",
        };
        using FileStream file = File.OpenRead(path);
        response.ContentLength64 = file.Length;
        file.CopyTo(response.OutputStream);
    }
}
