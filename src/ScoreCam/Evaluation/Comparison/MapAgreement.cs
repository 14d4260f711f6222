namespace ScoreCam.Evaluation.Comparison;

/// <summary>A column of a comparison: a network with a method.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Method">Name of the method.</param>
public readonly record struct MapColumn(string Network, string Method);

/// <summary>
/// How alike the maps of a comparison are, and a plane in which networks that look at the same places are near to
/// each other.
/// </summary>
public static class MapAgreement
{
    /// <summary>How alike two maps of one picture are; null where one is missing.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="picture">Name of the picture.</param>
    /// <param name="first">A network with a method.</param>
    /// <param name="second">Another one.</param>
    /// <param name="measure">How likeness is measured.</param>
    public static double? Of(
        NetworkComparison comparison, string picture, MapColumn first, MapColumn second, SimilarityMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ComparedMap? a = comparison.Map(first.Network, picture, first.Method);
        ComparedMap? b = comparison.Map(second.Network, picture, second.Method);
        return a is null || b is null ? null : measure.Of(a.Map, b.Map);
    }

    /// <summary>The mean of <see cref="Of"/> over the pictures; null where there is none.</summary>
    /// <inheritdoc cref="Of"/>
    public static double? Mean(
        NetworkComparison comparison, MapColumn first, MapColumn second, SimilarityMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        double? On(ComparedPicture picture) => Of(comparison, picture.Name, first, second, measure);
        double[] found = [.. comparison.Pictures.Select(On).OfType<double>()];
        return found.Length == 0 ? null : found.Average();
    }

    /// <summary>
    /// Networks by what they look at: points whose distances are near to 1 − r, with the mean of Pearson's
    /// correlation r of their maps. Networks without a map in common with another are left out.
    /// </summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="method">Name of the method.</param>
    /// <returns>The names of the networks, and a point for each.</returns>
    public static (IReadOnlyList<string> Networks, PlaneScaling Plane) MapOfNetworks(
        NetworkComparison comparison, string method)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        MapColumn[] columns = [.. comparison.Networks.Select(network => new MapColumn(network.Name, method))];
        int n = columns.Length;
        double?[,] correlations = new double?[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                correlations[i, j] = correlations[j, i] =
                    Mean(comparison, columns[i], columns[j], SimilarityMeasure.Pearson);

        bool HasAll(int i) => Enumerable.Range(0, n).All(j => i == j || correlations[i, j] is not null || !HasMaps(j));
        bool HasMaps(int i) => comparison.Maps(columns[i].Network, method).Count > 0;
        int[] kept = [.. Enumerable.Range(0, n).Where(i => HasMaps(i) && HasAll(i))];
        double[,] distances = new double[kept.Length, kept.Length];
        for (int i = 0; i < kept.Length; i++)
            for (int j = 0; j < kept.Length; j++)
                distances[i, j] = i == j ? 0 : 1 - correlations[kept[i], kept[j]]!.Value;
        return ([.. kept.Select(i => columns[i].Network)], PlaneScaling.Of(distances));
    }
}
