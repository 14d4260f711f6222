namespace ScoreCam.Cli.Evaluate;

/// <summary>Joins shards. The result equals the result of one run over all pictures.</summary>
internal static class EvaluationMerge
{
    /// <param name="parts">The shards, in any order.</param>
    /// <param name="partial">Whether shards are allowed to be missing.</param>
    /// <exception cref="UserException">
    /// The parts have different models or options, two of them contain the same picture, or a shard is missing and this
    /// is not allowed.
    /// </exception>
    public static EvaluationResult Of(IReadOnlyList<(string Path, EvaluationResult Result)> parts, bool partial)
    {
        (string firstPath, EvaluationResult first) = parts[0];
        Dictionary<(string, int, string), string> owners = [];
        foreach ((string path, EvaluationResult result) in parts)
        {
            if (first.Setup.DifferenceTo(result.Setup) is { } difference)
                throw new UserException($"'{firstPath}' and '{path}' cannot be merged: they differ in {difference}");
            foreach (CaseRecord record in result.Cases)
                if (!owners.TryAdd((record.Picture, record.ClassIndex, record.Method), path))
                    throw new UserException(
                        $"'{owners[(record.Picture, record.ClassIndex, record.Method)]}' and '{path}' both hold "
                            + $"{record.Picture} ({record.ClassName}, {record.Method}); shards must not overlap");
        }
        EvaluationResult[] all = [.. parts.Select(part => part.Result)];
        return EvaluationResult.Of(
            first.Setup, ShardSet.Present([.. all.SelectMany(part => part.Shards)], partial),
            all.SelectMany(part => part.Cases),
            // Each shard shows its first picture, but one strip per method is enough.
            all.SelectMany(part => part.Sanity).OrderBy(s => s.Picture, StringComparer.Ordinal)
                .DistinctBy(s => s.Method),
            all.SelectMany(part => part.LeftOut), all.SelectMany(part => part.Unavailable));
    }
}
