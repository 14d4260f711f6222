using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The maps that the preset sums, at the layer's resolution, at which errors are estimated. Very large and very small
/// maps are scaled towards 1. Normalised maps do not depend on this scale.
/// </summary>
internal sealed class SummedMaps
{
    /// <summary>
    /// The largest number of rows and of columns of maps that are averaged down, where only their rough form matters.
    /// </summary>
    private const int MaxSide = 8;

    private readonly ActivationMaps _maps;
    private readonly Pooling _pooling;
    private readonly float[] _pooled;
    private readonly bool _tanh;
    private readonly bool _signed;

    public SummedMaps(ActivationMaps maps, SumRule rule, bool signed)
    {
        (_maps, _tanh, _signed) = (maps, rule == SumRule.TanhOfUpsampledActivations, signed);
        Magnitudes = new float[maps.Channels];
        _pooling = new Pooling(maps, MaxSide);
        _pooled = new float[maps.Channels * _pooling.Length];
        var map = new float[maps.Height * maps.Width];
        for (int k = 0; k < maps.Channels; k++)
        {
            if (_tanh)
                TensorPrimitives.Tanh(maps[k], map);
            else
                TensorPrimitives.Multiply(maps[k], maps.ToUnit, map);
            _pooling.Average(map, _pooled.AsSpan(k * _pooling.Length, _pooling.Length));
            float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(maps[k]));
            Magnitudes[k] = _tanh ? MathF.Tanh(largest) : largest * maps.ToUnit;
        }
    }

    /// <summary>The largest absolute value of each channel's map.</summary>
    public float[] Magnitudes { get; }

    /// <summary>The largest difference that two normalised maps can have.</summary>
    public float LargestError => _signed ? 2 : 1;

    /// <summary>Returns a channel's map, averaged down.</summary>
    public ReadOnlySpan<float> Pooled(int channel) => _pooled.AsSpan(channel * _pooling.Length, _pooling.Length);

    /// <summary>Returns the weighted sum of all maps, averaged down.</summary>
    public float[] PooledSum(ReadOnlySpan<float> weights)
    {
        var sum = new float[_pooling.Length];
        for (int k = 0; k < weights.Length; k++)
            TensorPrimitives.MultiplyAdd(Pooled(k), weights[k], sum, sum);
        return sum;
    }

    /// <summary>Adds a channel's map, multiplied by a weight, to a sum.</summary>
    public void Add(int channel, float weight, Span<float> sum)
    {
        ReadOnlySpan<float> map = _maps[channel];
        if (!_tanh && _maps.ToUnit == 1)
        {
            TensorPrimitives.MultiplyAdd(map, weight, sum, sum);
            return;
        }
        // The value is scaled before it is weighted, because a large weight times a large factor can be infinite.
        for (int i = 0; i < map.Length; i++)
            sum[i] += weight * (_tanh ? MathF.Tanh(map[i]) : map[i] * _maps.ToUnit);
    }

    /// <summary>Returns the weighted sum of all maps.</summary>
    public float[] Sum(ReadOnlySpan<float> weights)
    {
        var sum = new float[_maps.Height * _maps.Width];
        for (int k = 0; k < weights.Length; k++)
            if (weights[k] != 0)
                Add(k, weights[k], sum);
        return sum;
    }

    /// <summary>Normalises a sum in place: to 0…1 after a ReLU, or to −1…1 for signed maps.</summary>
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
