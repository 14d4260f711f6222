using ScoreCam.Onnx.Model;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>The facts about a network that are shown with its results. Immutable and thread-safe.</summary>
public sealed record ComparedNetwork
{
    /// <summary>The name of the network. It is unique within a comparison.</summary>
    public required string Name { get; init; }

    /// <summary>The SHA-256 hash of the model's bytes, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The class names of the network, in its own numbering.</summary>
    public required ClassLabels Classes { get; init; }

    /// <summary>
    /// The number of weights: the elements of all constant numeric tensors, without shapes and indices.
    /// </summary>
    public long Parameters { get; init; }

    /// <summary>The size of the model in bytes, including its weights.</summary>
    public long Bytes { get; init; }

    /// <summary>The layer that is explained by default; null if there is none.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// Whether the model has no class names, so that its classes match no classes of another network.
    /// </summary>
    public bool HasNumberedClasses => ClassMatch.AreNumbered(Classes);

    /// <summary>Collects the facts about a model.</summary>
    /// <param name="model">The network.</param>
    /// <param name="name">The name of the network in the comparison. The default is the model's own name.</param>
    public static ComparedNetwork Of(ImageModel model, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new()
        {
            Name = name ?? model.Name,
            Sha256 = model.Sha256,
            Classes = model.Classes,
            Parameters = OnnxGraph.Read(model.Bytes).Initializers.Where(IsWeight).Sum(Elements),
            Bytes = model.Bytes.Length,
            Layer = DefaultLayer(model),
        };
    }

    /// <summary>
    /// Whether the ONNX element type can be a weight. All numeric types can, except int64 and int16, which hold shapes
    /// and indices.
    /// </summary>
    private static bool IsWeight(OnnxInitializer tensor) =>
        (int)tensor.ElementType is 1 or 2 or 3 or 6 or 10 or 11 or 16 or (>= 17 and <= 23);

    private static long Elements(OnnxInitializer tensor) =>
        tensor.Dims.Aggregate(1L, (product, side) => product * side);

    private static string? DefaultLayer(ImageModel model)
    {
        try
        {
            return model.DefaultLayer.Name;
        }
        catch (UnsupportedModelException)
        {
            // A network without activation maps can still predict.
            return null;
        }
    }
}
