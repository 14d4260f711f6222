using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.ImageSharp;
using ScoreCam.Tests.Support;
using SixLabors.ImageSharp;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>Pages that the command writes. The names of files and classes contain hostile HTML.</summary>
internal static class Pages
{
    public const string Hostile = "<img src=x onerror=\"document.title='broken'\">'&amp;.jpg";
    public const string HostileClass = "<script>cat</script>";

    private static readonly string Everyday = Path.Combine(SharedFolder.Repository, "models", "everyday20");

    /// <summary>
    /// An evaluation of one method and the controls on three pictures: <c>a.html</c> and <c>a.json</c>.
    /// </summary>
    public static async Task<string> Evaluation(TemporaryFolder folder)
    {
        Pictures(folder);
        string boxes = folder.File("boxes.csv",
            "file,class_index,class_name,xmin,ymin,xmax,ymax\n"
            + "coffee.jpg,6,,10,10,80,100\ncoffee.jpg,6,,90,10,150,60\n");
        await Run(
            "evaluate", "--model", Everyday, "--images", folder.File("pictures"), "--labels", Labels(folder),
            "--boxes", boxes,
            "--method", "eigen-cam", "--metric", "average-drop", "insertion", "deletion", "energy-in-box", "--sanity",
            "--report", folder.File("a.html"), "--json", folder.File("a.json"));
        return folder.File("a.html");
    }

    /// <summary>
    /// A comparison of three networks by two methods on three pictures: <c>c.html</c> and <c>c.json</c>.
    /// </summary>
    public static async Task<string> Comparison(TemporaryFolder folder)
    {
        Pictures(folder);
        string plain = folder.File("plain.txt", string.Join('\n', Enumerable.Range(0, 20).Select(i => $"kind {i}")));
        string shifted =
            folder.File("shifted.txt", string.Join('\n', Enumerable.Range(0, 20).Select(i => $"kind {(i + 1) % 20}")));
        string boxes = folder.File("boxes.csv",
            "file,class_index,class_name,xmin,ymin,xmax,ymax\n"
            + $"\"{Hostile.Replace("\"", "\"\"")}\",,kind 3,10,10,150,110\n"
            + "coffee.jpg,,kind 6,10,10,80,100\nrocket.jpg,,kind 4,,,,\n");
        string groups =
            folder.File("groups.json", """{"first <b>": ["kind 3", "kind 4"], "second": ["kind 6", "kind 7"]}""");
        await Run(
            "compare", "--model", Everyday, Everyday, Everyday, "--name", "plain", "shifted <i>", "again",
            "--labels", plain, shifted, plain, "--images", folder.File("pictures"), "--boxes", boxes, "--groups",
            groups,
            "--method", "eigen-cam", "random", "--report", folder.File("c.html"), "--json", folder.File("c.json"));
        return folder.File("c.html");
    }

    /// <summary>The mean of red, green and blue of the body, 0…255.</summary>
    public static async Task<double> Brightness(this OpenPage open, string property)
    {
        string script = $"getComputedStyle(document.body).{property}.match(/[\\d.]+/g).slice(0, 3).map(Number)";
        double[] color = await open.Evaluate<double[]>(script);
        return color.Average();
    }

    /// <summary>Scrolls through the page so that everything is drawn.</summary>
    public static async Task ShowAll(this OpenPage open)
    {
        await open.Evaluate<object>("""
            (async () => {
              for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
                window.scrollTo(0, y);
                await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
              }
              window.scrollTo(0, 0);
            })()
            """);
    }

    private static void Pictures(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File("pictures"));
        Picture(folder, Hostile, "chelsea.png");
        Picture(folder, "coffee.jpg", "coffee.png");
        Picture(folder, "rocket.jpg", "rocket.jpg");
    }

    private static string Labels(TemporaryFolder folder) => folder.File(
        "labels.txt", string.Join('\n', Enumerable.Range(0, 20).Select(i => i == 3
            ? HostileClass
            : $"class {i}\"'><b>")));

    private static void Picture(TemporaryFolder folder, string name, string photo)
    {
        using Image small = ImageSharpImage.Load(Path.Combine(SharedFolder.Repository, "photos", photo)).Resize(160,
            120).ToImageSharp();
        small.SaveAsJpeg(Path.Combine(folder.File("pictures"), name));
    }

    private static async Task Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.InvokeAsync(arguments, output, error, TestContext.Current.CancellationToken);
        exitCode.Should().Be(0, error.ToString());
    }
}
