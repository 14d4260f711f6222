namespace ScoreCam.IO;

/// <summary>Suggests known names in place of an unknown one.</summary>
internal static class Suggestion
{
    // Longer names are compared by their ends, because names of tensors differ there.
    private const int MaxCompared = 100;

    // A shorter word occurs in too many names.
    private const int MinContained = 3;

    /// <summary>Returns the end of a sentence, <c>"; did you mean 'x'?"</c>, or null if no name is similar.</summary>
    public static string? DidYouMean(string wanted, IEnumerable<string> known)
    {
        string end = End(wanted);
        string? nearest = null, containing = null;
        int best = Math.Max(1, end.Length / 3) + 1;
        foreach (string name in known)
        {
            if (name.Length == 0)
                continue;
            int distance = Distance(end, End(name), best);
            if (distance < best)
                (nearest, best) = (name, distance);
            if (Contains(name, wanted) && (containing is null || name.Length < containing.Length))
                containing = name;
        }
        return (nearest ?? containing) is { } found ? $"; did you mean '{found}'?" : null;
    }

    /// <summary>
    /// Returns the Levenshtein edit distance, ignoring case. If the distance is not below <paramref name="limit"/>, it
    /// returns the limit.
    /// </summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit)
            return limit;
        Span<int> row = b.Length < 256 ? stackalloc int[b.Length + 1] : new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0], smallest = row[0] = i;
            for (int j = 1; j < row.Length; j++)
            {
                bool same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                int substituted = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
                smallest = Math.Min(smallest, row[j]);
            }
            if (smallest >= limit)
                return limit;
        }
        return Math.Min(row[^1], limit);
    }

    private static bool Contains(string name, string wanted) =>
        wanted.Length >= MinContained && name.Contains(wanted, StringComparison.OrdinalIgnoreCase);

    private static string End(string name) => name.Length <= MaxCompared ? name : name[^MaxCompared..];
}
