using System.Globalization;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The metadata that the exporting program wrote about a model's pictures and classes.</summary>
/// <param name="Range">The range of a picture's values; null if it is not specified.</param>
/// <param name="IsBgr">Whether the channel order is blue, green, red.</param>
/// <param name="Size">The size of the pictures; null if it is not specified.</param>
/// <param name="Classes">The class names in the order of their indices; null if they are not specified.</param>
internal sealed record ExporterMetadata(
    PictureRange? Range, bool IsBgr, (int Height, int Width)? Size, IReadOnlyList<string>? Classes)
{
    /// <summary>The largest number of steps between an output and the node that names its labels.</summary>
    private const int MostSteps = 8;

    public static ExporterMetadata Read(OnnxGraph graph)
    {
        IReadOnlyDictionary<string, string> metadata = graph.Metadata;
        IReadOnlyList<string>? classes = ClassNames(graph);
        if (IsUltralytics(metadata))
            return new(PictureRange.Unit, false, SizeOf(metadata.GetValueOrDefault("imgsz")), classes);
        // The keys of ONNX's image annotations, which Custom Vision and Windows Machine Learning write.
        string? format = metadata.GetValueOrDefault("Image.BitmapPixelFormat");
        string? range = metadata.GetValueOrDefault("Image.NominalPixelRange");
        bool isBgr = format?.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) ?? false;
        return new(format is null && range is null ? null : RangeOf(range), isBgr, null, classes);
    }

    private static bool IsUltralytics(IReadOnlyDictionary<string, string> metadata)
    {
        string author = metadata.GetValueOrDefault("author", ""), text = metadata.GetValueOrDefault("description", "");
        return metadata.GetValueOrDefault("task") == "classify"
            && (author == "Ultralytics" || text.StartsWith("Ultralytics", StringComparison.OrdinalIgnoreCase));
    }

    private static PictureRange? RangeOf(string? range) => range switch
    {
        null or "NominalRange_0_255" => PictureRange.Bytes,
        "Normalized_0_1" => PictureRange.Unit,
        "Normalized_1_1" => PictureRange.Signed,
        _ => null,
    };

    /// <summary>Reads a size as Ultralytics writes it: <c>[height, width]</c> or one number.</summary>
    private static (int Height, int Width)? SizeOf(string? text)
    {
        string[] parts = text?.Trim('[', ']', '(', ')', ' ').Split(',', StringSplitOptions.TrimEntries) ?? [];
        int[] sides = [.. parts.Select(Side)];
        return sides switch
        {
            [> 0 and <= 16384 and var side] => (side, side),
            [> 0 and <= 16384 and var height, > 0 and <= 16384 and var width] => (height, width),
            _ => null,
        };
    }

    private static int Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : 0;

    /// <summary>Returns the labels of a ZipMap or LabelEncoder, if their indices are 0, 1, 2, ….</summary>
    private static IReadOnlyList<string>? ClassNames(OnnxGraph graph)
    {
        foreach (OnnxValue output in graph.Outputs)
        {
            string? tensor = output.Name;
            for (int step = 0; step < MostSteps && tensor is not null && graph.Producer(tensor) is { } node; step++)
            {
                IReadOnlyList<string>? names = node.OpType switch
                {
                    "ZipMap" => Strings(graph, node, "classlabels_strings"),
                    "LabelEncoder" when HasIndexKeys(node) => Strings(graph, node, "values_strings"),
                    _ => null,
                };
                if (names is { Count: > 0 })
                    return names;
                tensor = node.Input(0);
            }
        }
        return null;
    }

    private static IReadOnlyList<string>? Strings(OnnxGraph graph, OnnxNode node, string attribute) =>
        node.Attribute(attribute) is { } found ? NodeReader.Strings(graph.Bytes.Span, found) : null;

    private static bool HasIndexKeys(OnnxNode node) =>
        node.Ints("keys_int64s") is { Count: > 0 } keys && !keys.Where((key, i) => key != i).Any();
}
