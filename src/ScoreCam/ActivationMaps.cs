using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam;

/// <summary>
/// K maps of h × w that belong to one layer and one picture: its activations A, or the gradients of a target by them.
/// Immutable and thread-safe.
/// </summary>
public sealed class ActivationMaps
{
    private readonly float[] _values;
    private readonly bool[] _dead;

    /// <summary>Takes over the values, channels × height × width; the layer's name is for errors.</summary>
    /// <exception cref="ScoreCamException">A value is not finite, or too large to be interpolated.</exception>
    internal ActivationMaps(string layer, float[] values, int channels, int height, int width)
    {
        (_values, Channels, Height, Width) = (values, channels, height, width);
        int bad = Statistics.IndexOfNonFinite(values);
        if (bad >= 0)
            throw new ScoreCamException(
                $"Channel {bad / (height * width)} of layer '{layer}' contains {values[bad]}; finite numbers were "
                + "expected. Check the preprocessing, or float16 overflow in the model.");

        LargestMagnitude = Statistics.LargestMagnitude(values);
        if (LargestMagnitude > Statistics.LargestUsable)
            throw new ScoreCamException(
                $"The values of layer '{layer}' reach {LargestMagnitude}, and single precision can work with values up "
                + $"to {Statistics.LargestUsable:g2}. Check the preprocessing, or the weights of the model.");

        _dead = new bool[channels];
        for (int k = 0; k < channels; k++)
            _dead[k] = TensorPrimitives.Max(this[k]) == TensorPrimitives.Min(this[k]);
    }

    /// <summary>Number of maps, K.</summary>
    public int Channels { get; }

    /// <summary>Rows of one map, h.</summary>
    public int Height { get; }

    /// <summary>Columns of one map, w.</summary>
    public int Width { get; }

    /// <summary>All values, channels × height × width, row-major, whatever layout the network uses.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Number of channels whose map is constant.</summary>
    public int DeadChannels => _dead.Count(dead => dead);

    /// <summary>The largest absolute value.</summary>
    internal float LargestMagnitude { get; }

    /// <summary>
    /// A power of two that brings the largest magnitude near 1, for computations with squares, which would leave the
    /// range of floats for very large or small values. 1 for ordinary values.
    /// </summary>
    internal float ToUnit => LargestMagnitude is 0 or (> 1e-9f and < 1e9f)
        ? 1
        : MathF.ScaleB(1, Math.Min(-MathF.ILogB(LargestMagnitude), 126));

    /// <summary>The map of a channel, height × width, row-major.</summary>
    public ReadOnlySpan<float> this[int channel] => _values.AsSpan(channel * Height * Width, Height * Width);

    /// <summary>Whether a channel's map is constant. Decided before any interpolation could round.</summary>
    public bool IsDead(int channel) => _dead[channel];

    /// <summary>The mean of each channel's map; length K.</summary>
    public float[] Means()
    {
        var means = new float[Channels];
        for (int k = 0; k < means.Length; k++)
            means[k] = TensorPrimitives.Sum(this[k]) / (Height * Width);
        return means;
    }

    /// <summary>Σ w_k A_k, h × w, summed in order of channels.</summary>
    /// <param name="weights">One weight per channel.</param>
    /// <exception cref="ArgumentException">There are not as many weights as channels.</exception>
    public float[] WeightedSum(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Channels)
            throw new ArgumentException(
                $"{weights.Length} weights were given for {Channels} channels.", nameof(weights));
        var sum = new float[Height * Width];
        for (int k = 0; k < Channels; k++)
            TensorPrimitives.MultiplyAdd(this[k], weights[k], sum, sum);
        return sum;
    }

    /// <summary>Standard deviation of a channel's map, times <see cref="ToUnit"/>.</summary>
    internal float Deviation(int channel)
    {
        if (ToUnit == 1)
            return TensorPrimitives.StdDev(this[channel]);
        float[] scaled = this[channel].ToArray();
        TensorPrimitives.Multiply(scaled, ToUnit, scaled);
        return TensorPrimitives.StdDev<float>(scaled);
    }
}
