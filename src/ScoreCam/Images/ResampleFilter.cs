namespace ScoreCam.Images;

/// <summary>The interpolation for resizing a picture. Every filter gives the same bytes as in Pillow.</summary>
public enum ResampleFilter
{
    /// <summary>Triangle filter, widened when shrinking (Pillow's BILINEAR).</summary>
    Bilinear,

    /// <summary>Cubic filter with a = −0.5, widened when shrinking (Pillow's BICUBIC).</summary>
    Bicubic,

    /// <summary>The nearest pixel, without antialiasing (Pillow's NEAREST).</summary>
    Nearest,

    /// <summary>Mean of the covered pixels (Pillow's BOX).</summary>
    Box,

    /// <summary>Hamming-windowed sinc of one lobe, widened when shrinking (Pillow's HAMMING).</summary>
    Hamming,

    /// <summary>Lanczos-windowed sinc of three lobes, widened when shrinking (Pillow's LANCZOS).</summary>
    Lanczos,
}

/// <summary>
/// The weights of one axis of a resize. Output pixel <c>first + i</c> is the weighted sum of <see cref="Taps"/> source
/// pixels, beginning at <see cref="Start"/>. The weights are fixed-point numbers rounded as in Pillow, so the results
/// are identical to Pillow's.
/// </summary>
internal sealed class ResampleAxis
{
    /// <summary>Fraction bits of a weight: 8 bits for the pixel and 2 for overshoot leave 22 of 32.</summary>
    public const int FractionBits = 32 - 8 - 2;

    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>
    /// Computes the weights of <paramref name="count"/> output pixels, beginning at <paramref name="first"/>, for an
    /// axis resized from <paramref name="from"/> to <paramref name="to"/> pixels.
    /// </summary>
    public ResampleAxis(int from, int to, int first, int count, ResampleFilter filter)
    {
        double scale = (double)from / to;
        double widening = Math.Max(1, scale);
        double support = widening * Support(filter);
        _stride = (int)Math.Min(from, ((long)Math.Ceiling(support) * 2) + 1);
        _weights = new int[checked(count * _stride)];
        (Start, Taps) = (new int[count], new int[count]);
        if (filter == ResampleFilter.Nearest)
        {
            SetNearest(scale, first);
            return;
        }

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
            {
                double weight = exact[tap] / sum * (1 << FractionBits);
                _weights[(i * _stride) + tap] = (int)Math.Round(weight, MidpointRounding.AwayFromZero);
            }
            (Start[i], Taps[i]) = (start, end - start);
        }
    }

    /// <summary>The first source pixel of each output pixel.</summary>
    public int[] Start { get; }

    /// <summary>The number of source pixels of each output pixel.</summary>
    public int[] Taps { get; }

    /// <summary>The weights of output pixel <paramref name="i"/>, one per tap.</summary>
    public ReadOnlySpan<int> Weights(int i) => _weights.AsSpan(i * _stride, Taps[i]);

    // Adds up the positions as Pillow does: the rounding errors decide between two pixels at equal distance.
    private void SetNearest(double scale, int first)
    {
        double position = 0.5 * scale;
        for (int i = -first; i < Start.Length; i++, position += scale)
            if (i >= 0)
                (Start[i], Taps[i], _weights[i * _stride]) = ((int)position, 1, 1 << FractionBits);
    }

    // Half the width of the kernel in source pixels, before it is widened.
    private static double Support(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Nearest or ResampleFilter.Box => 0.5,
        ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
        ResampleFilter.Bicubic => 2,
        _ => 3,
    };

    private static double Kernel(double signed, ResampleFilter filter)
    {
        double x = Math.Abs(signed);
        return filter switch
        {
            ResampleFilter.Box => signed is > -0.5 and <= 0.5 ? 1 : 0,
            ResampleFilter.Bilinear => Math.Max(0, 1 - x),
            ResampleFilter.Hamming => x < 1 ? Sinc(x) * (0.54 + (0.46 * Math.Cos(Math.PI * x))) : 0,
            ResampleFilter.Bicubic => Cubic(x),
            _ => x < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        };
    }

    private static double Cubic(double x)
    {
        const double A = -0.5;
        return x < 1 ? (((((A + 2) * x) - (A + 3)) * x) * x) + 1
            : x < 2 ? ((((((x - 5) * x) + 8) * x) - 4) * A)
            : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
