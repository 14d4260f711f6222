using ScoreCam.Numerics;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Points in a plane whose distances are as near as possible to given ones: classical multidimensional scaling
/// (Torgerson, 1952). Nothing is random: equal distances give equal points. Immutable and thread-safe.
/// </summary>
public sealed class ClassicalScaling
{
    private ClassicalScaling(IReadOnlyList<(double X, double Y)> points, double explained) =>
        (Points, Explained) = (points, explained);

    /// <summary>One point for each row. Their mean is the origin, and x has the larger spread.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>
    /// How much of the distances the plane shows, 0…1: the share of its two eigenvalues in the sum of all magnitudes.
    /// 1 where all distances are 0.
    /// </summary>
    public double Explained { get; }

    /// <summary>Places the rows of a matrix of distances.</summary>
    /// <param name="distances">Symmetric, with zeros on the diagonal; finite and not negative.</param>
    /// <exception cref="ArgumentException">The matrix is not so.</exception>
    public static ClassicalScaling Of(double[,] distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        int n = distances.GetLength(0);
        Check(distances, n);
        double[,] products = DoublyCentred(distances, n);
        (double[] values, double[,] vectors) = SymmetricEigen.Of(products);
        double total = values.Sum(Math.Abs);
        (double X, double Y)[] points = new (double, double)[n];
        double[] x = Axis(values, vectors, 0), y = Axis(values, vectors, 1);
        for (int i = 0; i < n; i++)
            points[i] = (x[i], y[i]);
        double shown = values.Take(2).Sum(value => Math.Max(0, value));
        return new(points, total == 0 ? 1 : shown / total);
    }

    /// <summary>
    /// −½ J D² J with the centring matrix J: the scalar products of the points, if there are such points.
    /// </summary>
    private static double[,] DoublyCentred(double[,] distances, int n)
    {
        double[] rowMeans = new double[n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                rowMeans[i] += distances[i, j] * distances[i, j] / n;
        double mean = n == 0 ? 0 : rowMeans.Average();
        double[,] products = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                products[i, j] = -0.5 * ((distances[i, j] * distances[i, j]) - rowMeans[i] - rowMeans[j] + mean);
        return products;
    }

    /// <summary>
    /// The coordinates along an eigenvector; zeros where its eigenvalue is not positive. The largest coordinate is
    /// positive.
    /// </summary>
    private static double[] Axis(double[] values, double[,] vectors, int axis)
    {
        int n = values.Length;
        double[] coordinates = new double[n];
        if (axis >= n || values[axis] <= 1e-12 * values.Max(Math.Abs))
            return coordinates;
        double scale = Math.Sqrt(values[axis]), largest = 0;
        for (int i = 0; i < n; i++)
        {
            coordinates[i] = scale * vectors[i, axis];
            // The sign of an eigenvector is free.
            if (Math.Abs(coordinates[i]) > Math.Abs(largest) + 1e-9)
                largest = coordinates[i];
        }
        return largest < 0 ? [.. coordinates.Select(value => -value)] : coordinates;
    }

    private static void Check(double[,] distances, int n)
    {
        int columns = distances.GetLength(1);
        if (columns != n)
            throw new ArgumentException(
                $"The matrix has {n} rows and {columns} columns; as many were expected.", nameof(distances));
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                (double distance, double back) = (distances[i, j], distances[j, i]);
                bool isDistance = double.IsFinite(distance) && distance >= 0 && (i != j || distance == 0);
                if (!isDistance || distance != back)
                    throw new ArgumentException(
                        $"The distance of {i} and {j} is {distance}, that of {j} and {i} is {back}; expected "
                        + "equal finite "
                        + "numbers of at least 0, and 0 on the diagonal.", nameof(distances));
            }
    }
}
