namespace ScoreCam.Methods.ScoreCam;

/// <summary>Scores of every target with the picture masked by every channel. Only the targets asked for are kept, not every class.</summary>
internal sealed class ScoreTable
{
    private readonly float[][] _scores;
    private int _passes;

    public ScoreTable(int channels, int targets)
    {
        _scores = new float[targets][];
        for (int t = 0; t < targets; t++)
        {
            _scores[t] = new float[channels];
            // What is never scored must not look like a score.
            Array.Fill(_scores[t], float.NaN);
        }
        Baseline = new float[targets];
        Array.Fill(Baseline, float.NaN);
        EstimatedErrors = new float?[targets];
    }

    /// <summary>Score of each target on the fully masked picture; NaN where it was not needed.</summary>
    public float[] Baseline { get; }

    /// <summary>Masked pictures that went through the network.</summary>
    public int Passes { get => _passes; set => _passes = value; }

    /// <summary>Channels whose scores were not measured but predicted, in order.</summary>
    public int[] PredictedChannels { get; set; } = [];

    /// <summary>Per target, the estimated largest error of the normalised map at the layer's resolution; null where nothing is known of it.</summary>
    public float?[] EstimatedErrors { get; }

    /// <summary>One more masked picture went through the network; called from several threads.</summary>
    public void CountPass() => Interlocked.Increment(ref _passes);

    /// <summary>Scores of one target, one per channel.</summary>
    public float[] this[int target] => _scores[target];

    /// <summary>Gives a channel the scores of another.</summary>
    public void Copy(int from, int to)
    {
        foreach (float[] scores in _scores)
            scores[to] = scores[from];
    }
}
