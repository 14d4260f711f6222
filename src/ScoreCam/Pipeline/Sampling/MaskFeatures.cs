using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline.Sampling;

/// <summary>
/// What the score of a masked picture is predicted from: the mask at the layer's resolution, one row per channel, then the fully masked and the unmasked picture.
/// Values are √mask (little light already shows what is there), times √(Σ_k A_k²), so that two masks differ most where the layer is active.
/// </summary>
internal sealed class MaskFeatures
{
    /// <summary>Larger maps are averaged down to this many rows and columns at most.</summary>
    private const int MaxSide = 16;

    /// <summary>Share of the importance that every place has, however inactive.</summary>
    private const float EvenShare = 0.1f;

    private readonly float[] _values;

    public MaskFeatures(ActivationMaps maps, ReadOnlySpan<int> channels, MaskRule rule)
    {
        var pooling = new Pooling(maps, MaxSide);
        (Count, Length, Fill, Whole) = (channels.Length + 2, pooling.Length, channels.Length, channels.Length + 1);
        _values = new float[Count * Length];
        var (mask, energy) = (new float[maps.Height * maps.Width], new float[Length]);
        for (int row = 0; row < channels.Length; row++)
        {
            ReadOnlySpan<float> map = maps[channels[row]];
            Span<float> pooled = Row(row);
            pooling.Average(map, pooled);
            TensorPrimitives.Multiply(pooled, maps.ToUnit, pooled);
            TensorPrimitives.MultiplyAdd(pooled, pooled, energy, energy);

            if (rule == MaskRule.Tanh)
                TensorPrimitives.Tanh(map, mask);
            else
            {
                map.CopyTo(mask);
                Statistics.NormalizeMinMax(mask);
            }
            pooling.Average(mask, pooled);
            for (int i = 0; i < Length; i++)
                pooled[i] = MathF.CopySign(MathF.Sqrt(MathF.Abs(pooled[i])), pooled[i]);
        }
        Row(Whole).Fill(1);

        float[] importance = Importance(energy);
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

    private static float[] Importance(float[] energy)
    {
        float mean = TensorPrimitives.Average<float>(energy);
        var importance = new float[energy.Length];
        for (int i = 0; i < energy.Length; i++)
            importance[i] = mean > 0 ? MathF.Sqrt(EvenShare + ((1 - EvenShare) * energy[i] / mean)) : 1;
        return importance;
    }
}
