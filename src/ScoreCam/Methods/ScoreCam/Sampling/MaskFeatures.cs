using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// What the score of a masked picture is predicted from: the mask at the layer's resolution, one row per channel, then
/// the unmasked picture. Values are √mask (little light already shows what is there), times the root of each place's
/// importance: two masks differ most where the layer is active, and once something is known of the map, where that is
/// bright. Immutable.
/// </summary>
internal sealed class MaskFeatures
{
    /// <summary>Larger maps are averaged down to this many rows and columns at most.</summary>
    private const int MaxSide = 16;

    /// <summary>Share of the importance that every place has, however inactive.</summary>
    private const float EvenShare = 0.1f;

    /// <summary>Share of the importance that the map decides, where one is known.</summary>
    private const float MapShare = 0.6f;

    private readonly Pooling _pooling;
    private readonly PositionSimilarity _likeness;
    private readonly float[] _roots;
    private readonly float[] _activity;
    private readonly float[] _values;
    private readonly float[] _seen;

    /// <param name="maps">The layer's activations.</param>
    /// <param name="channels">The channels that have a mask.</param>
    /// <param name="rule">How masks are made.</param>
    public MaskFeatures(ActivationMaps maps, ReadOnlySpan<int> channels, MaskRule rule)
    {
        _pooling = new Pooling(maps, MaxSide);
        (Count, Length, Whole) = (channels.Length + 1, _pooling.Length, channels.Length);
        _roots = new float[Count * Length];
        var (mask, activations, energy) = (new float[maps.Height * maps.Width], new float[channels.Length * Length], new float[Length]);
        for (int row = 0; row < channels.Length; row++)
        {
            ReadOnlySpan<float> map = maps[channels[row]];
            Span<float> pooled = activations.AsSpan(row * Length, Length), roots = _roots.AsSpan(row * Length, Length);
            // First near 1: the sum of many large values may be infinite.
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
        _likeness = new PositionSimilarity(activations, Length);
        _activity = Relative(energy, EvenShare);
        (_values, _seen) = Weighted(_activity);
    }

    private MaskFeatures(MaskFeatures other, float[] importance)
    {
        (Count, Length, Whole) = (other.Count, other.Length, other.Whole);
        (_pooling, _likeness, _roots, _activity) = (other._pooling, other._likeness, other._roots, other._activity);
        (_values, _seen) = Weighted(importance);
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Values per row.</summary>
    public int Length { get; }

    /// <summary>Row of the unmasked picture, after those of the channels.</summary>
    public int Whole { get; }

    /// <summary>The mask, as far as it is told by where it is.</summary>
    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * Length, Length);

    /// <summary>
    /// A row times the likeness of every two places: the product of this and another row tells how far both masks show
    /// the same, wherever it is.
    /// </summary>
    public ReadOnlySpan<float> Seen(int row) => _seen.AsSpan(row * _likeness.Stride, Length);

    /// <summary>The same masks, told apart best where a map is bright.</summary>
    /// <param name="map">What is known of the map, not negative, at the layer's resolution.</param>
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
        return (values, _likeness.Multiply(values));
    }

    /// <summary>Values relative to their mean, of which every place has a share.</summary>
    private static float[] Relative(float[] values, float evenShare)
    {
        float mean = TensorPrimitives.Average<float>(values);
        return [.. values.Select(value => mean > 0 ? evenShare + ((1 - evenShare) * value / mean) : 1)];
    }
}
