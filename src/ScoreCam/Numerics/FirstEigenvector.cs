using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ScoreCam.Numerics;

/// <summary>
/// The eigenvector of the largest eigenvalue of a symmetric positive semidefinite matrix, by power iteration.
/// </summary>
internal static class FirstEigenvector
{
    private const int MaxSteps = 20_000;
    private const double Tolerance = 1e-10;

    /// <summary>Returns the vector, of length 1, and its eigenvalue. The eigenvalue of a zero matrix is 0.</summary>
    public static (double[] Vector, double Value) Of(double[,] matrix, CancellationToken cancellationToken)
    {
        int n = matrix.GetLength(0);
        var random = new SeededRandom(0);
        // A random start vector is almost never orthogonal to an eigenvector.
        double[] vector = [.. Enumerable.Range(0, n).Select(_ => 0.5 + random.NextDouble())];
        var next = new double[n];
        double value = 0;
        for (int step = 0; step < MaxSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < n; i++)
            {
                ReadOnlySpan<double> row = MemoryMarshal.CreateReadOnlySpan(ref matrix[i, 0], n);
                next[i] = TensorPrimitives.Dot(row, vector);
            }
            value = TensorPrimitives.Norm<double>(next);
            if (value == 0)
                return (vector, 0);
            TensorPrimitives.Divide(next, value, next);
            double change = TensorPrimitives.Distance<double>(next, vector);
            (vector, next) = (next, vector);
            if (change < Tolerance)
                break;
        }
        return (vector, value);
    }
}
