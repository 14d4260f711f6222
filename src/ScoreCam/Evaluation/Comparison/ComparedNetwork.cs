using ScoreCam.Onnx.Model;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>The facts about a network that stand beside its results. Immutable and thread-safe.</summary>
public sealed record ComparedNetwork
{
    /// <summary>Its name; different for every network of a comparison.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the model's bytes, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Names of its classes, in its own numbering.</summary>
    public required ClassLabels Classes { get; init; }

    /// <summary>
    /// Number of weights: the elements of all constant tensors of numbers, without shapes and indices.
    /// </summary>
    public long Parameters { get; init; }

    /// <summary>Size of the model in bytes, with its weights.</summary>
    public long Bytes { get; init; }

    /// <summary>The layer that is explained by default.</summary>
    public string? Layer { get; init; }

    /// <summary>True where the model has no class names, so that its classes match none of another network.</summary>
    public bool HasNumberedClasses => ClassMatch.AreNumbered(Classes);

    /// <summary>The facts about a model.</summary>
    /// <param name="model">The network.</param>
    /// <param name="name">Its name in the comparison; the model's own by default.</param>
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
    /// Whether ONNX's element type is one of weights: all numbers but int64 and int16, of which shapes and indices
    /// are made.
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
            // A network without activation maps still predicts.
            return null;
        }
    }
}
