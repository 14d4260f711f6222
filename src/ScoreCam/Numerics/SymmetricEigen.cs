namespace ScoreCam.Numerics;

/// <summary>Computes all eigenvalues and eigenvectors of a symmetric matrix with Jacobi rotations.</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>
    /// Returns the eigenvalues, largest first, and the eigenvectors of length 1 as the columns of a matrix.
    /// </summary>
    /// <param name="matrix">A symmetric matrix of finite numbers; it is not changed.</param>
    public static (double[] Values, double[,] Vectors) Of(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone(), vectors = new double[n, n];
        for (int i = 0; i < n; i++)
            vectors[i, i] = 1;
        double threshold = 1e-30 * SquaredNorm(a, n);
        for (int sweep = 0; sweep < MostSweeps && OffDiagonal(a, n) > threshold; sweep++)
            for (int p = 0; p < n - 1; p++)
                for (int q = p + 1; q < n; q++)
                    if (a[p, q] != 0)
                        Rotate(a, vectors, n, p, q);

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i, i])];
        double[,] sorted = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                sorted[i, j] = vectors[i, order[j]];
        return ([.. order.Select(i => a[i, i])], sorted);
    }

    /// <summary>Rotates the plane of two axes so that their matrix element becomes 0.</summary>
    private static void Rotate(double[,] a, double[,] vectors, int n, int p, int q)
    {
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double tangent = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1), sine = tangent * cosine;
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = ((cosine * a[k, p]) - (sine * a[k, q]), (sine * a[k, p]) + (cosine * a[k, q]));
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = ((cosine * a[p, k]) - (sine * a[q, k]), (sine * a[p, k]) + (cosine * a[q, k]));
        for (int k = 0; k < n; k++)
            (vectors[k, p], vectors[k, q]) =
                ((cosine * vectors[k, p]) - (sine * vectors[k, q]), (sine * vectors[k, p]) + (cosine * vectors[k, q]));
    }

    private static double SquaredNorm(double[,] a, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                sum += a[i, j] * a[i, j];
        return sum;
    }

    private static double OffDiagonal(double[,] a, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                sum += i == j ? 0 : a[i, j] * a[i, j];
        return sum;
    }
}
