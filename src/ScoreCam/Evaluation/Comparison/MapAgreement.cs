namespace ScoreCam.Evaluation.Comparison;

/// <summary>A column of a comparison: a network and a method.</summary>
/// <param name="Network">The name of the network.</param>
/// <param name="Method">The name of the method.</param>
public readonly record struct MapColumn(string Network, string Method);

/// <summary>
/// Measures the similarity of the maps of a comparison, and arranges networks in a plane in which networks with similar
/// maps are close together.
/// </summary>
public static class MapAgreement
{
    /// <summary>Returns the similarity of two maps of one picture; null if one of the maps is missing.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="picture">The name of the picture.</param>
    /// <param name="first">The first network and method.</param>
    /// <param name="second">The second network and method.</param>
    /// <param name="measure">The similarity measure.</param>
    public static double? Of(
        NetworkComparison comparison, string picture, MapColumn first, MapColumn second, SimilarityMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ComparedMap? a = comparison.Map(first.Network, picture, first.Method);
        ComparedMap? b = comparison.Map(second.Network, picture, second.Method);
        return a is null || b is null ? null : measure.Of(a.Map, b.Map);
    }

    /// <summary>Returns the mean of <see cref="Of"/> over the pictures; null if no picture has both maps.</summary>
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
    /// Arranges the networks in a plane by the similarity of their maps. The distances approximate 1 − r, where r is
    /// the mean of Pearson's correlation of the maps of two networks. A network is omitted if it shares no picture with
    /// another network that has maps.
    /// </summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="method">The name of the method.</param>
    /// <returns>The names of the networks, and one point per network.</returns>
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
