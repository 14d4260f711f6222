namespace ScoreCam.Numerics;

/// <summary>
/// Agglomerative clustering with complete linkage. The two nearest clusters are merged as long as their distance is
/// below a cut. The distance of two clusters is the largest distance of their members.
/// </summary>
internal static class CompleteLinkage
{
    /// <summary>Groups items by their distances.</summary>
    /// <param name="distances">Symmetric, items × items. It is overwritten.</param>
    /// <param name="cut">The distance at or above which clusters are not merged.</param>
    /// <param name="cancellationToken">Cancels the clustering.</param>
    /// <returns>
    /// The members of each cluster, in ascending order. The clusters are ordered by their first members.
    /// </returns>
    /// <exception cref="OperationCanceledException">The clustering was cancelled.</exception>
    public static int[][] Cluster(double[,] distances, double cut, CancellationToken cancellationToken)
    {
        int count = distances.GetLength(0);
        // Clusters are identified by their first member. The nearest cluster after each cluster is kept from step to
        // step.
        var members = new List<int>?[count];
        var nearest = new int[count];
        for (int i = 0; i < count; i++)
            members[i] = [i];
        for (int i = 0; i < count; i++)
            nearest[i] = NearestAfter(i);

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int first = NearestPair();
            if (first < 0)
                return [.. members.OfType<List<int>>().Select(cluster => cluster.Order().ToArray())];
            Merge(first, nearest[first]);
        }

        int NearestPair()
        {
            int best = -1;
            for (int i = 0; i < count; i++)
            {
                if (members[i] is null || nearest[i] < 0 || !(distances[i, nearest[i]] < cut))
                    continue;
                if (best < 0 || distances[i, nearest[i]] < distances[best, nearest[best]])
                    best = i;
            }
            return best;
        }

        void Merge(int kept, int gone)
        {
            members[kept]!.AddRange(members[gone]!);
            members[gone] = null;
            for (int i = 0; i < count; i++)
                distances[kept, i] = distances[i, kept] = Math.Max(distances[kept, i], distances[gone, i]);
            for (int i = 0; i < count; i++)
                if (members[i] is not null && (i == kept || nearest[i] == kept || nearest[i] == gone))
                    nearest[i] = NearestAfter(i);
        }

        int NearestAfter(int item)
        {
            int best = -1;
            for (int j = item + 1; j < count; j++)
                if (members[j] is not null && (best < 0 || distances[item, j] < distances[item, best]))
                    best = j;
            return best;
        }
    }
}
