using System.Text.Json.Nodes;
using ScoreCam.Tests.Cli.Evaluate;
using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Cli.Compare;

/// <summary>
/// Compares the small network with itself under other class names. Such a comparison is fast and finds differences.
/// </summary>
internal static class Everyday
{
    public static readonly string Model = Path.Combine(SharedFolder.Repository, "models", "everyday20");

    /// <summary>
    /// Writes the network's own labels with those of two classes exchanged. The network is then wrong where it was
    /// right.
    /// </summary>
    public static string Swapped(TemporaryFolder folder, string first, string second)
    {
        using ImageModel model = ImageModel.Load(Model);
        string[] names = [.. Enumerable.Range(0, model.Classes.Count).Select(i => model.Classes[i])];
        (int a, int b) = (Array.IndexOf(names, first), Array.IndexOf(names, second));
        (names[a], names[b]) = (names[b], names[a]);
        return folder.File("swapped.txt", string.Join('\n', names));
    }

    /// <summary>Names that the network's classes do not have: planet 0 to planet 19.</summary>
    public static string Planets(TemporaryFolder folder) =>
        folder.File("planets.txt", string.Join('\n', Enumerable.Range(0, 20).Select(i => $"planet {i}")));

    /// <summary>Three of the four pictures have a class, and two of them have a box.</summary>
    public static string Boxes(TemporaryFolder folder) => folder.File("boxes.csv", """
        file,class_index,class_name,xmin,ymin,xmax,ymax
        chelsea.jpg,,cat,10,10,150,110
        coffee.jpg,,CUP,20,20,140,100
        rocket.jpg,,cat,,,,
        """);

    /// <summary>Compares two networks: A with its own labels, and B with cat and cup exchanged.</summary>
    public static Task<CommandRun> Compare(TemporaryFolder folder, params string[] more)
    {
        string images = Directory.Exists(folder.File("pictures")) ? folder.File("pictures") : Pictures.In(folder);
        return CommandRun.Of([
            "compare", "--images", images, "--boxes", Boxes(folder), "--model", Model, "--model", Model, "--name", "A",
            "B",
            "--labels", "auto", Swapped(folder, "cat", "cup"), "--method", "eigen-cam", "uniform", .. more]);
    }

    /// <summary>The computed results, without the times and the shards.</summary>
    public static string Results(string json)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(json))!;
        root.AsObject().Remove("shards");
        foreach (JsonNode? network in root["networks"]!.AsArray())
            foreach (JsonNode? record in network!["answers"]!.AsArray().Concat(network["maps"]!.AsArray()))
                record!.AsObject().Remove("seconds");
        foreach (JsonNode? row in root["figures"]!["networks"]!.AsArray().Concat(root["figures"]!["maps"]!.AsArray()))
            row!.AsObject().Remove("seconds");
        return root.ToJsonString();
    }
}
