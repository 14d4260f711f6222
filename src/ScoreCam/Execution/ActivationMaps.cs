using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Execution;

/// <summary>The activations A of one layer on one picture: K maps of h × w. Immutable.</summary>
internal sealed class ActivationMaps
{
    private readonly float[] _values;
    private readonly bool[] _dead;

    /// <summary>Takes over the values, channels × height × width; the layer's name is for errors.</summary>
    /// <exception cref="ScoreCamException">A value is not finite, or too large to be interpolated.</exception>
    public ActivationMaps(string layer, float[] values, int channels, int height, int width)
    {
        (_values, Channels, Height, Width) = (values, channels, height, width);
        int bad = Statistics.IndexOfNonFinite(values);
        if (bad >= 0)
            throw new ScoreCamException(
                $"The activation map of channel {bad / (height * width)} of layer '{layer}' contains {values[bad]}; finite numbers were expected. Check the preprocessing, or float16 overflow in the model.");

        LargestMagnitude = Statistics.LargestMagnitude(values);
        if (LargestMagnitude > Statistics.LargestUsable)
            throw new ScoreCamException(
                $"The activation maps of layer '{layer}' reach {LargestMagnitude}, and single precision can work with values up to {Statistics.LargestUsable:g2}. Check the preprocessing, or the weights of the model.");

        _dead = new bool[channels];
        for (int k = 0; k < channels; k++)
            _dead[k] = TensorPrimitives.Max(this[k]) == TensorPrimitives.Min(this[k]);
    }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The largest |A|.</summary>
    public float LargestMagnitude { get; }

    /// <summary>A power of two that brings the largest |A| near 1, for what takes squares: those of very large or small values leave the range of floats. 1 where they do not.</summary>
    public float ToUnit => LargestMagnitude is 0 or (> 1e-9f and < 1e9f) ? 1 : MathF.ScaleB(1, Math.Min(-MathF.ILogB(LargestMagnitude), 126));

    /// <summary>The map of a channel, h × w.</summary>
    public ReadOnlySpan<float> this[int channel] => _values.AsSpan(channel * Height * Width, Height * Width);

    /// <summary>A dead channel's map is constant; decided on the activations themselves, before any interpolation could round.</summary>
    public bool IsDead(int channel) => _dead[channel];

    public int DeadChannels => _dead.Count(dead => dead);

    /// <summary>Standard deviation of a channel's map, times <see cref="ToUnit"/>.</summary>
    public float Deviation(int channel)
    {
        if (ToUnit == 1)
            return TensorPrimitives.StdDev(this[channel]);
        float[] scaled = this[channel].ToArray();
        TensorPrimitives.Multiply(scaled, ToUnit, scaled);
        return TensorPrimitives.StdDev<float>(scaled);
    }

    /// <summary>Σ α_k A_k, h × w, summed in order of channels.</summary>
    public float[] WeightedSum(ReadOnlySpan<float> weights)
    {
        var sum = new float[Height * Width];
        for (int k = 0; k < Channels; k++)
            TensorPrimitives.MultiplyAdd(this[k], weights[k], sum, sum);
        return sum;
    }
}
