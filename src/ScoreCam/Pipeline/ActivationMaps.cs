using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline;

/// <summary>The activations A of one layer on one picture: K maps of h × w. Immutable.</summary>
internal sealed class ActivationMaps
{
    private readonly float[] _values;
    private readonly bool[] _dead;

    /// <summary>Takes over the values, channels × height × width; the layer's name is for errors.</summary>
    /// <exception cref="ScoreCamException">A value is not finite.</exception>
    public ActivationMaps(string layer, float[] values, int channels, int height, int width)
    {
        (_values, Channels, Height, Width) = (values, channels, height, width);
        int bad = Statistics.IndexOfNonFinite(values);
        if (bad >= 0)
            throw new ScoreCamException(
                $"The activation map of channel {bad / (height * width)} of layer '{layer}' contains {values[bad]}; finite numbers were expected. Check the preprocessing, or float16 overflow in the model.");

        _dead = new bool[channels];
        for (int k = 0; k < channels; k++)
            _dead[k] = TensorPrimitives.Max(this[k]) == TensorPrimitives.Min(this[k]);
    }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The map of a channel, h × w.</summary>
    public ReadOnlySpan<float> this[int channel] => _values.AsSpan(channel * Height * Width, Height * Width);

    /// <summary>A dead channel's map is constant; decided on the activations themselves, before any interpolation could round.</summary>
    public bool IsDead(int channel) => _dead[channel];

    public int DeadChannels => _dead.Count(dead => dead);

    /// <summary>Σ α_k A_k, h × w, summed in order of channels.</summary>
    public float[] WeightedSum(ReadOnlySpan<float> weights)
    {
        var sum = new float[Height * Width];
        for (int k = 0; k < Channels; k++)
            TensorPrimitives.MultiplyAdd(this[k], weights[k], sum, sum);
        return sum;
    }
}
