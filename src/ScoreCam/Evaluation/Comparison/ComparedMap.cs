using System.Numerics.Tensors;
using ScoreCam.Images;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// The explanation of one picture by one method on one network, with its metric values. Immutable and thread-safe.
/// </summary>
public sealed record ComparedMap
{
    /// <summary>The name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>The name of the picture.</summary>
    public required string Picture { get; init; }

    /// <summary>The name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>The explained class, in the network's own numbering.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>
    /// The map on a coarse grid over the picture; see <see cref="OnPicture"/>. All maps of one picture have the same
    /// size for every network and method, so that they can be compared.
    /// </summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>
    /// The map of the predicted class on the same grid. Null if the predicted class is the explained class.
    /// </summary>
    public SaliencyMap? PredictedMap { get; init; }

    /// <summary>The values by metric name. A value is null if the metric does not apply to the picture.</summary>
    public IReadOnlyDictionary<string, double?> Values { get; init; } = new Dictionary<string, double?>();

    /// <summary>The time that the explanation took, without loading the model.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// The number of network runs on changed pictures, counted as in <see cref="Explanation.Passes"/>.
    /// </summary>
    public int Passes { get; init; }

    /// <summary>The number of gradient computations, counted as in <see cref="Explanation.GradientPasses"/>.</summary>
    public int GradientPasses { get; init; }

    /// <summary>Problems that a reader should know about before trusting the map. Empty if there are none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// Reduces the normalised map of an explanation to a coarse grid over the picture. Each cell is the mean of the
    /// part of the map that it covers. If the map is signed, only the positive part is used.
    /// </summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="side">
    /// The number of cells along the longer side of the picture, at least 1. A picture with fewer pixels gets one cell
    /// per pixel.
    /// </param>
    /// <returns>A map with the aspect ratio of the picture, 0…1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The side is not positive.</exception>
    public static SaliencyMap OnPicture(Explanation explanation, int side = 64)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        PictureMapping mapping = explanation.Mapping;
        double scale = Math.Min(1, (double)side / Math.Max(mapping.PictureWidth, mapping.PictureHeight));
        int width = Math.Max(1, (int)Math.Round(mapping.PictureWidth * scale));
        int height = Math.Max(1, (int)Math.Round(mapping.PictureHeight * scale));

        // Fine enough to include every value of the map.
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
