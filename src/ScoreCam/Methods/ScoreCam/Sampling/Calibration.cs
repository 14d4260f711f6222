namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Every score that is measured after it was predicted is an honest test of the prediction: how large are true
/// deviations, in units of predicted ones?
/// </summary>
internal sealed class Calibration
{
    /// <summary>Deviations of 1 that are believed before any is seen.</summary>
    private const int Prior = 8;

    private const int MinRecent = 16;

    private readonly List<float> _squares = [];

    public void Add(float measured, float mean, float variance)
    {
        if (variance > 0)
            _squares.Add((measured - mean) * (measured - mean) / variance);
    }

    /// <summary>Root mean square of the later half: the rounds come nearer and nearer to what is left.</summary>
    public float Value
    {
        get
        {
            int recent = Math.Min(_squares.Count, Math.Max(MinRecent, _squares.Count / 2));
            return MathF.Sqrt((Prior + _squares.TakeLast(recent).Sum()) / (Prior + recent));
        }
    }
}
