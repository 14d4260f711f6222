using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>
/// What the score of a masked picture is predicted from: the mask at the layer's resolution, one row per channel, then the fully masked and the unmasked picture.
/// Values are √mask (little light already shows what is there), times the root of each place's importance: two masks differ most where the layer is active, and
/// once something is known of the map, where that is bright.
/// </summary>
internal sealed class MaskFeatures
{
    /// <summary>Larger maps are averaged down to this many rows and columns at most.</summary>
    private const int MaxSide = 16;

    /// <summary>Share of the importance that every place has, however inactive.</summary>
    private const float EvenShare = 0.1f;

    /// <summary>Share of the importance that the map decides, where one is known.</summary>
    private const float MapShare = 0.6f;

    private readonly float[] _values;

    /// <param name="maps">The layer's activations.</param>
    /// <param name="channels">The channels that have a mask.</param>
    /// <param name="rule">How masks are made.</param>
    /// <param name="map">What is known of the map, not negative, at the layer's resolution; empty where nothing is.</param>
    public MaskFeatures(ActivationMaps maps, ReadOnlySpan<int> channels, MaskRule rule, ReadOnlySpan<float> map = default)
    {
        var pooling = new Pooling(maps, MaxSide);
        (Count, Length, Fill, Whole) = (channels.Length + 2, pooling.Length, channels.Length, channels.Length + 1);
        _values = new float[Count * Length];
        var (mask, energy) = (new float[maps.Height * maps.Width], new float[Length]);
        for (int row = 0; row < channels.Length; row++)
        {
            ReadOnlySpan<float> activations = maps[channels[row]];
            Span<float> pooled = Row(row);
            pooling.Average(activations, pooled);
            TensorPrimitives.Multiply(pooled, maps.ToUnit, pooled);
            TensorPrimitives.MultiplyAdd(pooled, pooled, energy, energy);

            if (rule == MaskRule.Tanh)
                TensorPrimitives.Tanh(activations, mask);
            else
            {
                activations.CopyTo(mask);
                Statistics.NormalizeMinMax(mask);
            }
            pooling.Average(mask, pooled);
            for (int i = 0; i < Length; i++)
                pooled[i] = MathF.CopySign(MathF.Sqrt(MathF.Abs(pooled[i])), pooled[i]);
        }
        Row(Whole).Fill(1);

        float[] importance = Relative(energy, EvenShare);
        if (!map.IsEmpty)
        {
            pooling.Average(map, energy);
            TensorPrimitives.Lerp(importance, Relative(energy, 0), MapShare, importance);
        }
        TensorPrimitives.Sqrt(importance, importance);
        for (int row = 0; row < Count; row++)
            TensorPrimitives.Multiply(Row(row), importance, Row(row));
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Values per row.</summary>
    public int Length { get; }

    /// <summary>Row of the fully masked picture: all zeros.</summary>
    public int Fill { get; }

    /// <summary>Row of the unmasked picture.</summary>
    public int Whole { get; }

    public ReadOnlySpan<float> this[int row] => Row(row);

    private Span<float> Row(int row) => _values.AsSpan(row * Length, Length);

    /// <summary>Values relative to their mean, of which every place has a share.</summary>
    private static float[] Relative(float[] values, float evenShare)
    {
        float mean = TensorPrimitives.Average<float>(values);
        return [.. values.Select(value => mean > 0 ? evenShare + ((1 - evenShare) * value / mean) : 1)];
    }
}
