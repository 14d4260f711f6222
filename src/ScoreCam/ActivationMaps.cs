using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam;

/// <summary>
/// K maps of h × w for one layer and one picture: the activations A, or the gradients of a target with respect to A.
/// Immutable and thread-safe.
/// </summary>
public sealed class ActivationMaps
{
    private readonly float[] _values;
    private readonly bool[] _dead;

    /// <summary>
    /// Takes ownership of the values, channels × height × width. The layer's name is used in error messages.
    /// </summary>
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

    /// <summary>The number of maps, K.</summary>
    public int Channels { get; }

    /// <summary>The number of rows of one map, h.</summary>
    public int Height { get; }

    /// <summary>The number of columns of one map, w.</summary>
    public int Width { get; }

    /// <summary>All values, channels × height × width, row-major, independent of the network's own layout.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The number of channels whose map is constant.</summary>
    public int DeadChannels => _dead.Count(dead => dead);

    /// <summary>The largest absolute value.</summary>
    internal float LargestMagnitude { get; }

    /// <summary>
    /// A power of two that scales the largest magnitude to about 1. Computations with squares use it, because squares
    /// of very large or very small values leave the range of floats. It is 1 for ordinary values.
    /// </summary>
    internal float ToUnit => LargestMagnitude is 0 or (> 1e-9f and < 1e9f)
        ? 1
        : MathF.ScaleB(1, Math.Min(-MathF.ILogB(LargestMagnitude), 126));

    /// <summary>The map of a channel, height × width, row-major.</summary>
    public ReadOnlySpan<float> this[int channel] => _values.AsSpan(channel * Height * Width, Height * Width);

    /// <summary>
    /// Whether the map of a channel is constant. This is determined before any interpolation, which could round.
    /// </summary>
    public bool IsDead(int channel) => _dead[channel];

    /// <summary>Returns the mean of each channel's map; length K.</summary>
    public float[] Means()
    {
        var means = new float[Channels];
        for (int k = 0; k < means.Length; k++)
            means[k] = TensorPrimitives.Sum(this[k]) / (Height * Width);
        return means;
    }

    /// <summary>Returns Σ w_k A_k, h × w, row-major, summed in the order of the channels.</summary>
    /// <param name="weights">One weight per channel; length K.</param>
    /// <exception cref="ArgumentException">The number of weights differs from the number of channels.</exception>
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

    /// <summary>The standard deviation of a channel's map, multiplied by <see cref="ToUnit"/>.</summary>
    internal float Deviation(int channel)
    {
        if (ToUnit == 1)
            return TensorPrimitives.StdDev(this[channel]);
        float[] scaled = this[channel].ToArray();
        TensorPrimitives.Multiply(scaled, ToUnit, scaled);
        return TensorPrimitives.StdDev<float>(scaled);
    }
}
