namespace ScoreCam.Methods.Gradient;

/// <summary>The check of methods whose values must add up to a score.</summary>
internal static class Completeness
{
    /// <summary>A map with a larger error carries a warning.</summary>
    public const float LargestUsualError = 0.05f;

    /// <summary>The sum in double precision.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }

    /// <summary>How far a sum misses the score, as a share of the score.</summary>
    public static float Error(double sum, double score)
    {
        double error = Math.Abs(sum - score);
        return error == 0 ? 0 : (float)(error / Math.Abs(score));
    }
}
