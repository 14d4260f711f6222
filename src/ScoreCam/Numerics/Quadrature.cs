namespace ScoreCam.Numerics;

/// <summary>Nodes and weights of integrals over 0…1. The weights add up to 1.</summary>
internal static class Quadrature
{
    /// <summary>The midpoints of n equal intervals.</summary>
    public static (double[] Nodes, double[] Weights) Midpoint(int n)
    {
        var (nodes, weights) = (new double[n], new double[n]);
        for (int i = 0; i < n; i++)
            (nodes[i], weights[i]) = ((i + 0.5) / n, 1.0 / n);
        return (nodes, weights);
    }

    /// <summary>
    /// Gauss–Legendre: the zeros of the Legendre polynomial P_n, by Newton's method. Exact for polynomials of degree
    /// 2n − 1.
    /// </summary>
    public static (double[] Nodes, double[] Weights) GaussLegendre(int n)
    {
        var (nodes, weights) = (new double[n], new double[n]);
        for (int i = 0; i < n; i++)
        {
            double x = -Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 1;
            for (int iteration = 0; iteration < 100; iteration++)
            {
                (double value, slope) = Legendre(n, x);
                double step = value / slope;
                x -= step;
                if (Math.Abs(step) < 1e-15)
                    break;
            }
            nodes[i] = (1 + x) / 2;
            weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }
        return (nodes, weights);
    }

    /// <summary>P_n(x) and its derivative, by the recurrence (k + 1) P_k+1 = (2k + 1) x P_k − k P_k−1.</summary>
    private static (double Value, double Slope) Legendre(int n, double x)
    {
        double last = 1, value = x;
        for (int k = 1; k < n; k++)
            (last, value) = (value, ((((2 * k) + 1) * x * value) - (k * last)) / (k + 1));
        return (value, n * ((x * value) - last) / ((x * x) - 1));
    }
}
