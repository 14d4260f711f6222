using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// The features from which the scores of masked pictures are predicted. Each channel has one row, its mask at the
/// layer's resolution, followed by one row for the unmasked picture. A value is √mask times the root of the importance
/// of its position. The root is used because a small mask value already shows what is there. Positions where the layer
/// is active are important. When the map is roughly known, positions where the map is bright are important too.
/// Immutable.
/// </summary>
internal sealed class MaskFeatures
{
    /// <summary>The largest number of rows and of columns. Larger maps are averaged down.</summary>
    private const int MaxSide = 16;

    /// <summary>The share of the importance that is distributed evenly over all positions.</summary>
    private const float EvenShare = 0.1f;

    /// <summary>The share of the importance that the map determines, if a map is known.</summary>
    private const float MapShare = 0.6f;

    private readonly Pooling _pooling;
    private readonly PositionSimilarity _similarity;
    private readonly float[] _roots;
    private readonly float[] _activity;
    private readonly float[] _values;
    private readonly float[] _seen;

    /// <param name="maps">The layer's activations.</param>
    /// <param name="channels">The channels that have a mask.</param>
    /// <param name="rule">The rule for computing masks.</param>
    public MaskFeatures(ActivationMaps maps, ReadOnlySpan<int> channels, MaskRule rule)
    {
        _pooling = new Pooling(maps, MaxSide);
        (Count, Length, Whole) = (channels.Length + 1, _pooling.Length, channels.Length);
        _roots = new float[Count * Length];
        var (mask, energy) = (new float[maps.Height * maps.Width], new float[Length]);
        var activations = new float[channels.Length * Length];
        for (int row = 0; row < channels.Length; row++)
        {
            ReadOnlySpan<float> map = maps[channels[row]];
            Span<float> pooled = activations.AsSpan(row * Length, Length), roots = _roots.AsSpan(row * Length, Length);
            // The factor keeps sums of many large values finite.
            TensorPrimitives.Multiply(map, maps.ToUnit, mask);
            _pooling.Average(mask, pooled);
            TensorPrimitives.MultiplyAdd(pooled, pooled, energy, energy);

            if (rule == MaskRule.Tanh)
                TensorPrimitives.Tanh(map, mask);
            else
            {
                map.CopyTo(mask);
                Statistics.NormalizeMinMax(mask);
            }
            _pooling.Average(mask, roots);
            for (int i = 0; i < Length; i++)
                roots[i] = MathF.CopySign(MathF.Sqrt(MathF.Abs(roots[i])), roots[i]);
        }
        _roots.AsSpan(Whole * Length).Fill(1);
        _similarity = new PositionSimilarity(activations, Length);
        _activity = Relative(energy, EvenShare);
        (_values, _seen) = Weighted(_activity);
    }

    private MaskFeatures(MaskFeatures other, float[] importance)
    {
        (Count, Length, Whole) = (other.Count, other.Length, other.Whole);
        (_pooling, _similarity, _roots, _activity) = (other._pooling, other._similarity, other._roots, other._activity);
        (_values, _seen) = Weighted(importance);
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of values per row.</summary>
    public int Length { get; }

    /// <summary>The row of the unmasked picture, after the rows of the channels.</summary>
    public int Whole { get; }

    /// <summary>The features of a mask.</summary>
    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * Length, Length);

    /// <summary>
    /// Returns a row times the similarity of every two positions. Its product with another row measures how similar the
    /// visible parts of both masks are, even at different positions.
    /// </summary>
    public ReadOnlySpan<float> Seen(int row) => _seen.AsSpan(row * _similarity.Stride, Length);

    /// <summary>Returns the same masks with more importance where a map is bright.</summary>
    /// <param name="map">An estimate of the map, non-negative, at the layer's resolution.</param>
    public MaskFeatures Focused(ReadOnlySpan<float> map)
    {
        var importance = new float[Length];
        _pooling.Average(map, importance);
        TensorPrimitives.Lerp(_activity, Relative(importance, 0), MapShare, importance);
        return new(this, importance);
    }

    private (float[] Values, float[] Seen) Weighted(float[] importance)
    {
        var (values, roots) = (new float[_roots.Length], new float[Length]);
        TensorPrimitives.Sqrt(importance, roots);
        for (int row = 0; row < Count; row++)
            TensorPrimitives.Multiply(_roots.AsSpan(row * Length, Length), roots, values.AsSpan(row * Length, Length));
        return (values, _similarity.Multiply(values));
    }

    /// <summary>Returns values relative to their mean, mixed with an even share for every position.</summary>
    private static float[] Relative(float[] values, float evenShare)
    {
        float mean = TensorPrimitives.Average<float>(values);
        return [.. values.Select(value => mean > 0 ? evenShare + ((1 - evenShare) * value / mean) : 1)];
    }
}
