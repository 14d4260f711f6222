using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>Cholesky factor of a small covariance matrix.</summary>
internal static class Cholesky
{
    /// <summary>Less variance is rounding, and to divide by it would let rounding grow without bounds.</summary>
    private const float Smallest = 1e-5f;

    /// <summary>Lower triangular L, row by row, with L Lᵀ the matrix; directions without variance get none.</summary>
    public static float[][] Factor(float[][] matrix)
    {
        int n = matrix.Length;
        var factor = new float[n][];
        for (int i = 0; i < n; i++)
        {
            factor[i] = new float[i + 1];
            for (int j = 0; j <= i; j++)
            {
                float rest = matrix[i][j] - TensorPrimitives.Dot(factor[i].AsSpan(0, j), factor[j].AsSpan(0, j));
                factor[i][j] = i == j ? (rest > Smallest ? MathF.Sqrt(rest) : 0)
                    : factor[j][j] > 0 ? rest / factor[j][j] : 0;
            }
        }
        return factor;
    }
}
