using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Tests.Support;

namespace ScoreCam.Stress;

/// <summary>
/// Compares scores and maps of several batch sizes and numbers of workers with those of one picture at a time and one
/// worker. All bits must be equal.
/// </summary>
internal static class BatchTrial
{
    /// <summary>The number of channels that are scored in large networks.</summary>
    private const int FewChannels = 40;

    private const int Large = 600;

    public static int Run(string? only)
    {
        string models = Path.Combine(SharedFolder.Root, "models");
        IEnumerable<string> found =
            Directory.Exists(models)
            ? Directory.EnumerateFiles(models, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [];
        RgbImage photo = Everyday.Photo("chelsea.png");
        int differ = 0;
        foreach (string path in found.Prepend(Path.Combine(SharedFolder.Repository, "models", "everyday20"))
            .Where(path => only is null || path.Contains(only, StringComparison.Ordinal)))
            differ += Compare(path, photo);
        Console.WriteLine(differ == 0 ? "every score and map equal to the bit" : $"{differ} combinations differ");
        return differ == 0 ? 0 : 1;
    }

    private static int Compare(string path, RgbImage photo)
    {
        Explanation? one = null;
        (int compared, int differ) = (0, 0);
        foreach ((int batch, int workers) in new[] { (1, 1), (1, 2), (2, 1), (3, 1), (4, 2), (8, 1), (16, 2), (32, 1) })
        {
            using ImageModel model = ImageModel.Load(path, new() { BatchSize = batch, Workers = workers });
            bool few = model.DefaultLayer.Channels > Large || path.Contains("light", StringComparison.Ordinal);
            // With a fixed batch every run is full, whatever batch size is requested.
            if (model.Input.Batch is not null && batch > 2)
                continue;
            var why = new ScoreCamExplainer(model,
                new() { Sampling = few ? ChannelSampling.TopVariance(FewChannels) : ChannelSampling.All })
                .Explain(photo);
            one ??= why;
            bool equal = why.Layers[0].ChannelScores.SequenceEqual(one.Layers[0].ChannelScores)
                && why.Map.Values.SequenceEqual(one.Map.Values);
            compared++;
            differ += equal ? 0 : 1;
        }
        Console.WriteLine(
            $"{Path.GetFileName(path)}: {compared} combinations of {one!.Passes} passes, {differ} differ");
        return differ;
    }
}
