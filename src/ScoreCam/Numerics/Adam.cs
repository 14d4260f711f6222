namespace ScoreCam.Numerics;

/// <summary>
/// The optimiser Adam (Kingma and Ba, ICLR 2015), with β₁ 0.9, β₂ 0.999, ε 1e-8 and bias correction. Not thread-safe.
/// </summary>
internal sealed class Adam(int length, float learningRate)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly double[] _first = new double[length], _second = new double[length];
    private int _steps;

    /// <summary>Takes one step against the gradient.</summary>
    public void Step(Span<float> values, ReadOnlySpan<float> gradient)
    {
        _steps++;
        double correction1 = 1 - Math.Pow(Beta1, _steps), correction2 = 1 - Math.Pow(Beta2, _steps);
        for (int i = 0; i < values.Length; i++)
        {
            double g = gradient[i];
            _first[i] = (Beta1 * _first[i]) + ((1 - Beta1) * g);
            _second[i] = (Beta2 * _second[i]) + ((1 - Beta2) * g * g);
            double step = _first[i] / correction1 / (Math.Sqrt(_second[i] / correction2) + Epsilon);
            values[i] -= (float)(learningRate * step);
        }
    }
}
