using System.Numerics.Tensors;
using ScoreCam.Images;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// One picture explained by one method on one network, and what metrics say about the map. Immutable and thread-safe.
/// </summary>
public sealed record ComparedMap
{
    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Name of the picture.</summary>
    public required string Picture { get; init; }

    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>The class that is explained, in the network's own numbering.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>
    /// The map on a coarse grid over the picture, see <see cref="OnPicture"/>. Maps of one picture have one size,
    /// whatever network and method made them, so that they can be compared.
    /// </summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>
    /// The map of the predicted class on the same grid; null where it is the class that is explained.
    /// </summary>
    public SaliencyMap? PredictedMap { get; init; }

    /// <summary>Values by name of the metric; null where the metric does not apply to the picture.</summary>
    public IReadOnlyDictionary<string, double?> Values { get; init; } = new Dictionary<string, double?>();

    /// <summary>Time of explaining, without loading.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Runs of the network on changed pictures, as <see cref="Explanation.Passes"/> counts them.</summary>
    public int Passes { get; init; }

    /// <summary>Gradients, as <see cref="Explanation.GradientPasses"/> counts them.</summary>
    public int GradientPasses { get; init; }

    /// <summary>What a reader should know before trusting the map.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// The normalised map of an explanation on a coarse grid over the picture: each cell is the mean of the part of
    /// the map that it covers. Of a signed map the part that speaks for the target.
    /// </summary>
    /// <param name="explanation">What was explained.</param>
    /// <param name="side">
    /// Cells along the longer side of the picture, at least 1. A picture with fewer pixels has a cell per pixel.
    /// </param>
    /// <returns>A map in the shape of the picture, 0…1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The side is not positive.</exception>
    public static SaliencyMap OnPicture(Explanation explanation, int side = 64)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        PictureMapping mapping = explanation.Mapping;
        double scale = Math.Min(1, (double)side / Math.Max(mapping.PictureWidth, mapping.PictureHeight));
        int width = Math.Max(1, (int)Math.Round(mapping.PictureWidth * scale));
        int height = Math.Max(1, (int)Math.Round(mapping.PictureHeight * scale));

        // Fine enough that no value of the map is skipped.
        int finest = Math.Max(explanation.Map.Width, explanation.Map.Height);
        int parts = Math.Clamp((int)Math.Ceiling((double)finest / Math.Max(width, height)), 1, 32);
        SaliencyMap fine = explanation.Map.OnPicture(mapping with
        {
            PictureWidth = width * parts,
            PictureHeight = height * parts,
            ScaleX = mapping.ScaleX * mapping.PictureWidth / (width * parts),
            ScaleY = mapping.ScaleY * mapping.PictureHeight / (height * parts),
        });
        return BlockMeans(fine, parts);
    }

    private static SaliencyMap BlockMeans(SaliencyMap map, int side)
    {
        (int width, int height) = (map.Width / side, map.Height / side);
        float[] positive = new float[map.Values.Length];
        TensorPrimitives.Max(map.Values, 0, positive);
        float[] means = new float[width * height];
        for (int y = 0; y < map.Height; y++)
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<float> row = positive.AsSpan((y * map.Width) + (x * side), side);
                means[(y / side * width) + x] += TensorPrimitives.Sum(row);
            }
        TensorPrimitives.Divide(means, side * side, means);
        return new(width, height, means);
    }
}
