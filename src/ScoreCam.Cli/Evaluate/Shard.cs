using System.Globalization;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A part of the pictures: every N-th, beginning with the I-th. 1/1 is all of them.</summary>
internal readonly record struct Shard(int Index, int Count)
{
    public static Shard Whole => new(1, 1);

    /// <summary>Reads <c>I/N</c>.</summary>
    /// <exception cref="UserException">It is none.</exception>
    public static Shard Parse(string text) => text.Split('/') is [var index, var count]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && i >= 1 && i <= n
            ? new(i, n)
            : throw new UserException($"--shard takes I/N with 1 ≤ I ≤ N, for example 1/4, not '{text}'");

    public override string ToString() => $"{Index}/{Count}";

    public IEnumerable<T> Of<T>(IEnumerable<T> all)
    {
        (int first, int step) = (Index - 1, Count);
        return all.Where((_, i) => i % step == first);
    }
}
