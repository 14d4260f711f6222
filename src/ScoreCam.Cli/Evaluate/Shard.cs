using System.Globalization;
using System.Numerics;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A part of the pictures: every N-th picture, beginning with the I-th. 1/1 means all pictures.</summary>
internal readonly record struct Shard(int Index, int Count)
{
    public static Shard Whole => new(1, 1);

    /// <summary>Parses <c>I/N</c>.</summary>
    /// <exception cref="UserException">The text is not a shard.</exception>
    public static Shard Parse(string text) =>
        text.Split('/') is [var index, var count]
        && Number(index) is { } i && Number(count) is { } n && i >= 1 && i <= n
            ? new(i, n)
            : throw new UserException($"--shard takes I/N with 1 ≤ I ≤ N, for example 1/4, not '{text}'");

    public override string ToString() => $"{Index}/{Count}";

    public IEnumerable<T> Of<T>(IEnumerable<T> all)
    {
        (int first, int step) = (Index - 1, Count);
        return all.Where((_, i) => i % step == first);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>The shards to join.</summary>
internal static class ShardSet
{
    private const int MostNames = 10;
    private const int MostParts = 1_000_000;

    /// <summary>Returns the shards that are present. Empty if they are complete.</summary>
    /// <param name="shards">The shards, each as I/N. Empty if the pictures were not split.</param>
    /// <param name="partial">Whether some shards are allowed to be missing.</param>
    /// <exception cref="UserException">Some shards are missing. The message names them.</exception>
    public static IReadOnlyList<string> Present(IReadOnlyCollection<string> shards, bool partial)
    {
        if (shards.Count == 0)
            return [];
        Shard[] parts = [.. shards.Select(Shard.Parse).Distinct()];
        // A run is split once, so all parts usually have the same count.
        int count = parts.Select(part => part.Count).Distinct().Aggregate(LeastCommonMultiple);
        bool Covers(Shard part, int index) => (index - part.Index) % part.Count == 0;
        int[] missing = [.. Enumerable.Range(1, count).Where(index => !parts.Any(part => Covers(part, index)))];
        if (missing.Length == 0)
            return [];
        if (!partial)
        {
            string names = string.Join(", ", missing.Take(MostNames).Select(index => new Shard(index, count)));
            const string instead = "give their files too, or --partial for a table without them";
            throw new UserException(missing.Length switch
            {
                1 => $"shard {names} is missing; give its file too, or --partial for a table without it",
                <= MostNames => $"the shards {names} are missing; {instead}",
                _ => $"the shards {names} and {missing.Length - MostNames} more are missing; {instead}",
            });
        }
        return [.. parts.OrderBy(part => part.Index).Select(part => part.ToString())];
    }

    private static int LeastCommonMultiple(int first, int second)
    {
        long multiple = first / (long)BigInteger.GreatestCommonDivisor(first, second) * second;
        return multiple <= MostParts
            ? (int)multiple
            : throw new UserException(
                $"the files are shards of runs in {first} and in {second} parts; give the shards of one run");
    }
}
