namespace ScoreCam.Methods.Gradient;

/// <summary>Checks the completeness of methods whose values must sum to a score.</summary>
internal static class Completeness
{
    /// <summary>A map with a larger error gets a warning.</summary>
    public const float LargestUsualError = 0.05f;

    /// <summary>Returns the sum, computed in double precision.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }

    /// <summary>Returns the difference between a sum and the score, relative to the score.</summary>
    public static float Error(double sum, double score)
    {
        double error = Math.Abs(sum - score);
        return error == 0 ? 0 : (float)(error / Math.Abs(score));
    }
}
