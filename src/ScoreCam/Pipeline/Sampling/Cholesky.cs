using System.Numerics.Tensors;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>Cholesky factor of a small covariance matrix.</summary>
internal static class Cholesky
{
    /// <summary>Added to the diagonal: rounding can make a covariance matrix slightly indefinite.</summary>
    private const float Jitter = 1e-6f;

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
                factor[i][j] = i == j ? MathF.Sqrt(Math.Max(rest, 0) + Jitter) : rest / factor[j][j];
            }
        }
        return factor;
    }
}
