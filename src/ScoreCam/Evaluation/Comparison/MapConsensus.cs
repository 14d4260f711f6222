namespace ScoreCam.Evaluation.Comparison;

/// <summary>The agreement and disagreement of several maps of one picture. Immutable and thread-safe.</summary>
public sealed record MapConsensus
{
    /// <summary>The mean of the maps. It shows what all of them highlight.</summary>
    public required SaliencyMap Mean { get; init; }

    /// <summary>
    /// The standard deviation of the maps at each position. It is 0 if all maps are equal there, and 0.5 if half of
    /// them are 0 and the others are 1.
    /// </summary>
    public required SaliencyMap Deviation { get; init; }

    /// <summary>Computes the consensus of maps of the same size.</summary>
    /// <exception cref="ArgumentException">There are no maps, or they differ in size.</exception>
    public static MapConsensus Of(IReadOnlyList<SaliencyMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0)
            throw new ArgumentException("There are no maps; give at least one.", nameof(maps));
        (int width, int height) = (maps[0].Width, maps[0].Height);
        if (maps.FirstOrDefault(map => (map.Width, map.Height) != (width, height)) is { } odd)
            throw new ArgumentException(
                $"Maps of {width} × {height} and {odd.Width} × {odd.Height} have no mean; bring them to one size with "
                + "SaliencyMap.Resize.",
                nameof(maps));
        float[] mean = new float[width * height], deviation = new float[width * height];
        for (int i = 0; i < mean.Length; i++)
        {
            double sum = 0, squares = 0;
            foreach (SaliencyMap map in maps)
                sum += map.Values[i];
            double middle = sum / maps.Count;
            foreach (SaliencyMap map in maps)
                squares += (map.Values[i] - middle) * (map.Values[i] - middle);
            mean[i] = (float)middle;
            deviation[i] = (float)Math.Sqrt(squares / maps.Count);
        }
        return new() { Mean = new(width, height, mean), Deviation = new(width, height, deviation) };
    }
}
