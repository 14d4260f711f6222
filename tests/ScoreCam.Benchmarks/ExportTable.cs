using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Export;
using ScoreCam.Images;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Exports networks with every method. A row contains the added bytes, the largest difference from the library's map of
/// a photograph, and the time of the exported model divided by that of the plain model. Both run in turn on one thread
/// in one process.
/// </summary>
internal static class ExportTable
{
    public static int Run(int rounds, string? only)
    {
        Console.WriteLine("| network | method | kB added | time over plain | largest difference |");
        Console.WriteLine("|---|---|--:|--:|--:|");
        foreach (string file in Files().Where(file => only is null || file.Contains(only)))
            foreach (ExportMethod method in Enum.GetValues<ExportMethod>())
                Console.WriteLine(Row(file, method, rounds));
        return 0;
    }

    /// <summary>The models of the repository, and those of the data folder if it is present.</summary>
    private static IEnumerable<string> Files()
    {
        string[] folders =
            [Path.Combine(SharedFolder.Repository, "models"), Path.Combine(SharedFolder.Root, "models")];
        return folders.Where(Directory.Exists).SelectMany(folder =>
            Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    private static string Row(string file, ExportMethod method, int rounds)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        string network = name == "model" ? Path.GetFileName(Path.GetDirectoryName(file)!) : name;
        string path = Path.Combine(Path.GetTempPath(), $"scorecam-export-{Environment.ProcessId}.onnx");
        try
        {
            // ImageNet's preprocessing is used for every network.
            using ImageModel model = ImageModel.Load(file, new() { Preprocessing = Preprocessing.Imagenet });
            SelfExplainingResult result = model.Export(path, new() { Method = method });
            using ExportedPair pair = new(model, file, path);
            float difference = pair.Difference(method);
            (double ratio, double spread) = pair.Ratio(rounds);
            return string.Create(CultureInfo.InvariantCulture,
                $"| {network} | {method} | {result.AddedBytes / 1000.0:0} | {ratio:0.00} ± {spread:0.00} | "
                + $"{Math.Max(difference, result.LargestDifference):0.0e0} |");
        }
        catch (UnsupportedModelException exception)
        {
            return $"| {network} | {method} | refused | | {exception.Message} |";
        }
        catch (Exception exception) when (exception is ScoreCamException or OnnxRuntimeException or ArgumentException)
        {
            return $"| {network} | {method} | FAILED | | {exception.GetType().Name}: {exception.Message} |";
        }
        finally
        {
            File.Delete(path);
        }
    }
}
