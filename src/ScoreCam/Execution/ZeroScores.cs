namespace ScoreCam.Execution;

/// <summary>
/// Caches the scores of the all-zero picture, which are the same for all explained pictures of one size. Only the
/// scores of the last size are kept. Thread-safe.
/// </summary>
internal sealed class ZeroScores
{
    private volatile Entry? _last;

    /// <summary>Returns the scores of all classes; null if they are unknown.</summary>
    public float[]? Find(ZeroPicture picture) => _last is { } last && last.Picture == picture ? last.Scores : null;

    public void Remember(ZeroPicture picture, ReadOnlySpan<float> scores) => _last = new(picture, scores.ToArray());

    private sealed record Entry(ZeroPicture Picture, float[] Scores);
}

/// <summary>The size of an all-zero picture, and how its scores were read.</summary>
internal sealed record ZeroPicture(int Height, int Width, bool ValuesAreProbabilities, bool ScoresAreProbabilities);
