namespace ScoreCam.Pipeline.Sampling;

/// <summary>
/// Which channel to score next: the one whose unknown weight moves some target's map most, which is the standard deviation of its weight times the largest value of its map,
/// relative to the sum of that over all channels' weights.
/// </summary>
internal sealed class Acquisition
{
    private readonly IReadOnlyList<TargetPrediction> _targets;
    private readonly float[] _magnitudes;
    private readonly float[] _scales;

    /// <param name="targets">What is known of each target.</param>
    /// <param name="magnitudes">Largest absolute value of each row's map.</param>
    /// <param name="variances">Unit variances.</param>
    public Acquisition(IReadOnlyList<TargetPrediction> targets, float[] magnitudes, ReadOnlySpan<float> variances)
    {
        (_targets, _magnitudes, _scales) = (targets, magnitudes, new float[targets.Count]);
        for (int t = 0; t < targets.Count; t++)
        {
            for (int row = 0; row < magnitudes.Length; row++)
                _scales[t] += magnitudes[row] * MathF.Abs(targets[t].Link.Weight(targets[t].Means[row]));
            _scales[t] = Math.Max(_scales[t], float.Epsilon);
        }
        Importances = new float[magnitudes.Length];
        for (int row = 0; row < magnitudes.Length; row++)
            Importances[row] = Importance(row, variances[row]);
    }

    /// <summary>Importance of every row at the given variances.</summary>
    public float[] Importances { get; }

    /// <summary>
    /// The most important rows, one after the other, each added to the process before the next is chosen, so that no two are chosen for the same reason.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="candidates">Rows to choose from.</param>
    /// <param name="process">Grows by the chosen rows while it has room.</param>
    public List<int> Choose(int count, IEnumerable<int> candidates, GaussianProcess process)
    {
        var chosen = new List<int>(count);
        // Variances only fall, so an importance computed earlier is a bound: only the first of the queue needs to be computed again.
        var queue = new PriorityQueue<int, (float, int)>(candidates.Select(row => (row, (-Importances[row], row))));
        while (chosen.Count < count && queue.TryDequeue(out int row, out _))
        {
            float importance = Importance(row, process.Variances[row]);
            if (queue.TryPeek(out _, out (float Negative, int Row) next) && (-importance, row).CompareTo(next) > 0)
            {
                queue.Enqueue(row, (-importance, row));
                continue;
            }
            chosen.Add(row);
            if (!process.IsFull)
                process.Add(row);
        }
        return chosen;
    }

    private float Importance(int row, float variance)
    {
        float largest = 0;
        for (int t = 0; t < _targets.Count; t++)
            largest = Math.Max(largest, _targets[t].Spread(row, variance) * _magnitudes[row] / _scales[t]);
        return largest;
    }
}
