using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods;

/// <summary>
/// Projects maps, as a matrix of positions × channels, on their first right singular vector. Eigen-CAM and
/// EigenGrad-CAM use it.
/// </summary>
internal static class PrincipalMap
{
    /// <summary>
    /// Returns σ₁u₁ of the positions × channels matrix, h × w, with the sign that makes its sum positive.
    /// </summary>
    public static float[] Of(ActivationMaps maps, CancellationToken cancellationToken)
    {
        (int channels, int positions) = (maps.Channels, maps.Width * maps.Height);
        double[] projection = channels <= positions
            ? ThroughChannels(maps, channels, positions, cancellationToken)
            : ThroughPositions(maps, channels, positions, cancellationToken);

        // The decomposition does not determine the sign.
        double sum = projection.Sum();
        return [.. projection.Select(value => (float)(sum < 0 ? -value : value))];
    }

    /// <summary>Uses the Gram matrix of the channels: v₁, then the activations times v₁.</summary>
    private static double[] ThroughChannels(
        ActivationMaps maps, int channels, int positions, CancellationToken cancellationToken)
    {
        // Scaling by a power of two is exact and does not change the eigenvectors.
        float[][] scaled = [.. Enumerable.Range(0, channels).Select(k => maps[k].ToArray())];
        foreach (float[] map in scaled)
            TensorPrimitives.Multiply(map, maps.ToUnit, map);
        var gram = new double[channels, channels];
        for (int a = 0; a < channels; a++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int b = a; b < channels; b++)
                gram[a, b] = gram[b, a] = TensorPrimitives.Dot<float>(scaled[a], scaled[b]);
        }
        (double[] vector, _) = FirstEigenvector.Of(gram, cancellationToken);
        var projection = new double[positions];
        for (int k = 0; k < channels; k++)
            for (int i = 0; i < positions; i++)
                projection[i] += vector[k] * maps[k][i];
        return projection;
    }

    /// <summary>Uses the Gram matrix of the positions: u₁ times √λ₁.</summary>
    private static double[] ThroughPositions(
        ActivationMaps maps, int channels, int positions, CancellationToken cancellationToken)
    {
        var gram = new double[positions, positions];
        for (int k = 0; k < channels; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<float> map = maps[k];
            if (map.IndexOfAnyExcept(0f) < 0)
                continue;
            for (int a = 0; a < positions; a++)
                for (int b = a; b < positions; b++)
                    gram[a, b] += (double)map[a] * map[b];
        }
        for (int a = 0; a < positions; a++)
            for (int b = 0; b < a; b++)
                gram[a, b] = gram[b, a];
        (double[] vector, double value) = FirstEigenvector.Of(gram, cancellationToken);
        double sigma = Math.Sqrt(Math.Max(0, value));
        return Array.ConvertAll(vector, v => v * sigma);
    }
}
