using ScoreCam.Numerics;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Arranges points in a plane so that their distances approximate given distances. It uses classical multidimensional
/// scaling (Torgerson, 1952), refined by stress majorisation (SMACOF; de Leeuw, 1977). Immutable and thread-safe.
/// </summary>
public sealed class PlaneScaling
{
    private const int MostSteps = 1000;
    private const double SmallestGain = 1e-9, Jitter = 1e-3;

    private PlaneScaling(IReadOnlyList<(double X, double Y)> points, double stress) =>
        (Points, Stress) = (points, stress);

    /// <summary>The points, one per row of the matrix. Their mean is the origin, and x has the larger spread.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>
    /// Kruskal's stress: the root of the summed squared errors of the distances, divided by the root of the summed
    /// squared distances in the plane. It is 0 if the plane reproduces every distance. Above 0.2, the plane represents
    /// the distances poorly.
    /// </summary>
    public double Stress { get; }

    /// <summary>Arranges the rows of a distance matrix.</summary>
    /// <param name="distances">
    /// A symmetric matrix with zeros on the diagonal. All values are finite and non-negative.
    /// </param>
    /// <param name="seed">
    /// The seed of a small initial displacement, which is needed because many distances are equal in practice. The same
    /// seed gives the same points.
    /// </param>
    /// <exception cref="ArgumentException">The matrix does not have this form.</exception>
    public static PlaneScaling Of(double[,] distances, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(distances);
        int n = distances.GetLength(0);
        Check(distances, n);
        (double X, double Y)[] points = Classical(distances, n);
        double largest = n == 0 ? 0 : distances.Cast<double>().Max();
        if (largest == 0)
            return new(points, 0);
        if (Stress1(points, distances) > 1e-9)
        {
            SeededRandom random = new(seed);
            double Moved(double value) => value + (Jitter * largest * random.NextNormal());
            points = [.. points.Select(point => (Moved(point.X), Moved(point.Y)))];
            points = Upright(Majorised(points, distances));
        }
        return new(points, Stress1(points, distances));
    }

    /// <summary>Returns the first two coordinates of classical scaling.</summary>
    private static (double X, double Y)[] Classical(double[,] distances, int n)
    {
        (double[] values, double[,] vectors) = SymmetricEigen.Of(DoublyCentred(distances, n));
        double[] x = Axis(values, vectors, 0), y = Axis(values, vectors, 1);
        return [.. Enumerable.Range(0, n).Select(i => (x[i], y[i]))];
    }

    /// <summary>
    /// Returns −½ J D² J with the centring matrix J. These are the scalar products of the points, if such points exist.
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
    /// Returns the coordinates along an eigenvector, or zeros if its eigenvalue is not positive. The largest coordinate
    /// is positive.
    /// </summary>
    private static double[] Axis(double[] values, double[,] vectors, int axis)
    {
        int n = values.Length;
        if (axis >= n || values[axis] <= 1e-12 * values.Max(Math.Abs))
            return new double[n];
        double scale = Math.Sqrt(values[axis]);
        return Signed([.. Enumerable.Range(0, n).Select(i => scale * vectors[i, axis])]);
    }

    /// <summary>Applies Guttman's transform as long as the errors decrease. The errors never increase.</summary>
    private static (double X, double Y)[] Majorised((double X, double Y)[] points, double[,] distances)
    {
        int n = points.Length;
        double errors = Errors(points, distances).Errors;
        for (int step = 0; step < MostSteps; step++)
        {
            (double X, double Y)[] next = new (double, double)[n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                {
                    (double dx, double dy) = (points[i].X - points[j].X, points[i].Y - points[j].Y);
                    double length = Math.Sqrt((dx * dx) + (dy * dy));
                    double ratio = length > 0 ? distances[i, j] / length : 0;
                    next[i].X += ratio * dx / n;
                    next[i].Y += ratio * dy / n;
                }
            points = next;
            double left = Errors(points, distances).Errors;
            if (errors - left <= SmallestGain * errors)
                break;
            errors = left;
        }
        return points;
    }

    /// <summary>
    /// Moves the mean of the points to the origin, and rotates them so that x has the largest spread.
    /// </summary>
    private static (double X, double Y)[] Upright((double X, double Y)[] points)
    {
        (double meanX, double meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        double xx = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        double yy = points.Sum(point => (point.Y - meanY) * (point.Y - meanY));
        double xy = points.Sum(point => (point.X - meanX) * (point.Y - meanY));
        double angle = 0.5 * Math.Atan2(2 * xy, xx - yy);
        (double sine, double cosine) = Math.SinCos(angle);
        double[] x = Signed([.. points.Select(point => (cosine * (point.X - meanX)) + (sine * (point.Y - meanY)))]);
        double[] y = Signed([.. points.Select(point => (cosine * (point.Y - meanY)) - (sine * (point.X - meanX)))]);
        return [.. x.Zip(y)];
    }

    /// <summary>
    /// Mirrors the coordinates if the largest one is negative, because the direction of an axis is arbitrary.
    /// </summary>
    private static double[] Signed(double[] coordinates)
    {
        double largest = 0;
        foreach (double value in coordinates)
            if (Math.Abs(value) > Math.Abs(largest) + 1e-9)
                largest = value;
        return largest < 0 ? [.. coordinates.Select(value => -value)] : coordinates;
    }

    private static double Stress1((double X, double Y)[] points, double[,] distances)
    {
        (double errors, double squares) = Errors(points, distances);
        return squares == 0 ? (errors == 0 ? 0 : 1) : Math.Sqrt(errors / squares);
    }

    /// <summary>
    /// Returns the summed squared errors of the distances, and the summed squared distances in the plane.
    /// </summary>
    private static (double Errors, double Squares) Errors((double X, double Y)[] points, double[,] distances)
    {
        double errors = 0, squares = 0;
        for (int i = 0; i < points.Length; i++)
            for (int j = 0; j < i; j++)
            {
                (double dx, double dy) = (points[i].X - points[j].X, points[i].Y - points[j].Y);
                double length = Math.Sqrt((dx * dx) + (dy * dy));
                errors += (length - distances[i, j]) * (length - distances[i, j]);
                squares += length * length;
            }
        return (errors, squares);
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
                        $"The distance of {i} and {j} is {distance}, that of {j} and {i} is {back}; expected equal "
                        + "finite numbers of at least 0, and 0 on the diagonal.", nameof(distances));
            }
    }
}
