namespace ScoreCam.Cli.Evaluate;

/// <summary>Joins shards: the result is what one run over all pictures would have given.</summary>
internal static class EvaluationMerge
{
    /// <exception cref="UserException">The parts are of different models or options, or two of them hold the same picture.</exception>
    public static EvaluationResult Of(IReadOnlyList<(string Path, EvaluationResult Result)> parts)
    {
        (string firstPath, EvaluationResult first) = parts[0];
        Dictionary<(string, int, string), string> owners = [];
        foreach ((string path, EvaluationResult result) in parts)
        {
            if (first.Setup.DifferenceTo(result.Setup) is { } difference)
                throw new UserException($"'{firstPath}' and '{path}' cannot be merged: they differ in {difference}");
            foreach (CaseRecord record in result.Cases)
                if (!owners.TryAdd((record.Picture, record.ClassIndex, record.Method), path))
                    throw new UserException($"'{owners[(record.Picture, record.ClassIndex, record.Method)]}' and '{path}' both hold {record.Picture} ({record.ClassName}, {record.Method}); shards must not overlap");
        }
        EvaluationResult[] all = [.. parts.Select(part => part.Result)];
        return EvaluationResult.Of(
            first.Setup, Present([.. all.SelectMany(part => part.Shards).Distinct()]), all.SelectMany(part => part.Cases),
            // A shard shows its first picture: one strip per method is enough.
            all.SelectMany(part => part.Sanity).OrderBy(s => s.Picture, StringComparer.Ordinal).DistinctBy(s => s.Method),
            all.SelectMany(part => part.LeftOut), all.SelectMany(part => part.Unavailable));
    }

    /// <summary>The shards that are there; none where they are all there, as together they are the whole.</summary>
    private static string[] Present(string[] shards)
    {
        Shard[] parsed = [.. shards.Select(Shard.Parse)];
        return parsed.Length > 0 && parsed.All(shard => shard.Count == parsed[0].Count) && parsed.Length == parsed[0].Count ? [] : shards;
    }
}
