using System.Text.Json.Nodes;
using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Cli.Evaluate;

/// <summary>Creates a folder of small pictures from the committed photographs, and evaluates them quickly.</summary>
internal static class Pictures
{
    public static readonly string[] Names = ["astronaut.jpg", "chelsea.jpg", "coffee.jpg", "rocket.jpg"];

    /// <summary>A method of one pass and metrics of few passes.</summary>
    public static readonly string[] Quick =
        ["--method", "eigen-cam", "--metric", "average-drop", "average-increase", "complexity"];

    /// <summary>Writes pictures of 160 × 120 pixels into a new subfolder.</summary>
    public static string In(TemporaryFolder folder, params string[] names)
    {
        string place = folder.File("pictures");
        Directory.CreateDirectory(place);
        string[] photos = [.. Directory.EnumerateFiles(Path.Combine(SharedFolder.Repository, "photos"))
            .Where(path => !path.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string[] wanted = names.Length == 0 ? Names : names;
        for (int i = 0; i < wanted.Length; i++)
        {
            string photo = photos.FirstOrDefault(path =>
                Path.GetFileNameWithoutExtension(path) == Path.GetFileNameWithoutExtension(wanted[i]))
                ?? photos[i % photos.Length];
            JpegFile.Write(photo, Path.Combine(place, wanted[i]));
        }
        return place;
    }

    /// <summary>Writes a network without layers and weights. Its logits are the means of the colours.</summary>
    public static string ModelWithoutLayers(TemporaryFolder folder, string name)
    {
        string path = folder.File(name);
        File.WriteAllBytes(path, new TinyModel().Input("image", 1, 3, 8, 8).Op("GlobalAveragePool", "means", ["image"])
            .Flatten("logits").Output().ToBytes());
        return path;
    }

    public static Task<CommandRun> Evaluate(string images, params string[] more) =>
        CommandRun.Of(["evaluate", "--images", images, .. Quick, .. more]);

    /// <summary>The computed results, without the times and the shards, which differ from run to run.</summary>
    public static string Results(string json)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(json))!;
        root.AsObject().Remove("shards");
        foreach (JsonNode? row in root["cases"]!.AsArray().Concat(root["summary"]!.AsArray()))
            row!.AsObject().Remove("seconds");
        return root.ToJsonString();
    }
}
