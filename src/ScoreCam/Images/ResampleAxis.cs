namespace ScoreCam.Images;

/// <summary>
/// The weights of one axis of a resize: output pixel <c>first + i</c> is the weighted sum of <see cref="Taps"/> source
/// pixels from <see cref="Start"/> on. Weights are fixed-point, as Pillow rounds them, so that results agree to the byte.
/// </summary>
internal sealed class ResampleAxis
{
    /// <summary>Fraction bits of a weight: 8 for the pixel and 2 for the cubic filter's overshoot leave 22 of 32.</summary>
    public const int FractionBits = 32 - 8 - 2;

    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>Weights for <paramref name="count"/> output pixels from <paramref name="first"/> on, of an axis resized from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public ResampleAxis(int from, int to, int first, int count, ResampleFilter filter)
    {
        double scale = (double)from / to;
        double widening = Math.Max(1, scale);
        double support = widening * (filter == ResampleFilter.Bilinear ? 1 : 2);
        _stride = (int)Math.Min(from, ((long)Math.Ceiling(support) * 2) + 1);
        _weights = new int[checked(count * _stride)];
        (Start, Taps) = (new int[count], new int[count]);
        double[] exact = new double[_stride];
        for (int i = 0; i < count; i++)
        {
            double center = (first + i + 0.5) * scale;
            int start = (int)Math.Max(0, center - support + 0.5);
            int end = (int)Math.Min(from, center + support + 0.5);
            double sum = 0;
            for (int x = start; x < end; x++)
                sum += exact[x - start] = Kernel((x - center + 0.5) / widening, filter);
            for (int tap = 0; tap < end - start; tap++)
                _weights[(i * _stride) + tap] = (int)Math.Round(exact[tap] / sum * (1 << FractionBits), MidpointRounding.AwayFromZero);
            (Start[i], Taps[i]) = (start, end - start);
        }
    }

    /// <summary>First source pixel of each output pixel.</summary>
    public int[] Start { get; }

    /// <summary>Number of source pixels of each output pixel.</summary>
    public int[] Taps { get; }

    /// <summary>The weights of output pixel <paramref name="i"/>, one per tap.</summary>
    public ReadOnlySpan<int> Weights(int i) => _weights.AsSpan(i * _stride, Taps[i]);

    private static double Kernel(double x, ResampleFilter filter)
    {
        x = Math.Abs(x);
        if (filter == ResampleFilter.Bilinear)
            return Math.Max(0, 1 - x);
        const double A = -0.5;
        return x < 1 ? (((((A + 2) * x) - (A + 3)) * x) * x) + 1
            : x < 2 ? ((((((x - 5) * x) + 8) * x) - 4) * A)
            : 0;
    }
}
