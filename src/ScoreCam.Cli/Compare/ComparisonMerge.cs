using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary>Joins shards of a comparison. The result equals the result of one run over all pictures.</summary>
internal static class ComparisonMerge
{
    /// <param name="parts">The shards, in any order.</param>
    /// <param name="partial">Whether shards are allowed to be missing.</param>
    /// <exception cref="UserException">
    /// The parts have different networks or options, two of them contain the same picture, or a shard is missing and
    /// this is not allowed.
    /// </exception>
    public static ComparisonResult Of(IReadOnlyList<(string Path, ComparisonResult Result)> parts, bool partial)
    {
        (string firstPath, ComparisonResult first) = parts[0];
        Dictionary<string, string> owners = [];
        foreach ((string path, ComparisonResult result) in parts)
        {
            if (Difference(first, result) is { } difference)
                throw new UserException($"'{firstPath}' and '{path}' cannot be merged: they differ in {difference}");
            foreach (PictureRecord picture in result.Pictures)
                if (!owners.TryAdd(picture.Name, path))
                    throw new UserException(
                        $"'{owners[picture.Name]}' and '{path}' both hold {picture.Name}; shards must not overlap");
        }
        ComparisonResult[] all = [.. parts.Select(part => part.Result)];
        return (first with
        {
            Shards = [.. ShardSet.Present([.. all.SelectMany(part => part.Shards)], partial)],
            LeftOut = [.. all.SelectMany(part => part.LeftOut)],
            Pictures = [.. all.SelectMany(part => part.Pictures)],
            Networks =
            [
                .. first.Networks.Select((network, i) => network with
                {
                    Answers = [.. all.SelectMany(part => part.Networks[i].Answers)],
                    Maps = [.. all.SelectMany(part => part.Networks[i].Maps)],
                }),
            ],
        }).Completed();
    }

    private static string? Difference(ComparisonResult first, ComparisonResult other)
    {
        string[] names = [.. first.Networks.Select(network => network.Name)];
        string[] otherNames = [.. other.Networks.Select(network => network.Name)];
        if (!names.SequenceEqual(otherNames))
            return $"the networks ({string.Join(", ", names)} and {string.Join(", ", otherNames)})";
        foreach ((NetworkRecord network, NetworkRecord same) in first.Networks.Zip(other.Networks))
            if (network.Model.DifferenceTo(same.Model) is { } difference)
                return $"{difference} of {network.Name}";
        return first.Version != other.Version ? $"the version of ScoreCam ({first.Version} and {other.Version})"
            : first.PicturesSha256 != other.PicturesSha256 ? "the pictures of all shards, their classes or boxes"
            : first.Seed != other.Seed ? $"the seed ({first.Seed} and {other.Seed})"
            : first.Class != other.Class ? "the class that is explained"
            : !first.Methods.SequenceEqual(other.Methods) ? $"the methods ({Names(first)} and {Names(other)})"
            : !first.Metrics.SequenceEqual(other.Metrics) ? "the metrics"
            : Groups(first) != Groups(other) ? "the groups of classes"
            : null;

        static string Names(ComparisonResult result) =>
            string.Join(", ", result.Methods.Select(method => method.Name));
        static string Groups(ComparisonResult result) =>
            string.Join('\n', (result.Groups ?? []).Select(group => $"{group.Key}: {string.Join(", ", group.Value)}"));
    }
}
