using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>The maps that the preset sums, at the layer's resolution, where the error of a saliency map is told; brought near 1 where they are far from it, as normalised maps do not depend on that.</summary>
internal sealed class SummedMaps
{
    private readonly ActivationMaps _maps;
    private readonly bool _tanh;
    private readonly bool _signed;

    public SummedMaps(ActivationMaps maps, SumRule rule, bool signed)
    {
        (_maps, _tanh, _signed) = (maps, rule == SumRule.TanhOfUpsampledActivations, signed);
        Magnitudes = new float[maps.Channels];
        for (int k = 0; k < maps.Channels; k++)
        {
            float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(maps[k]));
            Magnitudes[k] = _tanh ? MathF.Tanh(largest) : largest * maps.ToUnit;
        }
    }

    /// <summary>Largest absolute value of each channel's map.</summary>
    public float[] Magnitudes { get; }

    /// <summary>The largest difference that two normalised maps can have.</summary>
    public float LargestError => _signed ? 2 : 1;

    /// <summary>Adds a channel's map, times a weight, to a sum.</summary>
    public void Add(int channel, float weight, Span<float> sum)
    {
        ReadOnlySpan<float> map = _maps[channel];
        if (!_tanh)
        {
            TensorPrimitives.MultiplyAdd(map, weight * _maps.ToUnit, sum, sum);
            return;
        }
        for (int i = 0; i < map.Length; i++)
            sum[i] += weight * MathF.Tanh(map[i]);
    }

    /// <summary>The weighted sum of all maps.</summary>
    public float[] Sum(ReadOnlySpan<float> weights)
    {
        var sum = new float[_maps.Height * _maps.Width];
        for (int k = 0; k < weights.Length; k++)
            if (weights[k] != 0)
                Add(k, weights[k], sum);
        return sum;
    }

    /// <summary>A sum becomes a normalised map, in place: 0…1 after a ReLU, or −1…1 where the sign is kept.</summary>
    public float[] Normalize(float[] sum)
    {
        if (_signed)
        {
            Statistics.NormalizeSigned(sum);
            return sum;
        }
        TensorPrimitives.Max(sum, 0, sum);
        Statistics.NormalizeMinMax(sum);
        return sum;
    }
}
