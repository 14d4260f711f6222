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
            if (first.DifferenceTo(result) is { } difference)
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
}
