using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>Step 2: activation maps become masks M_k of the input's size, one at a time. Thread-safe; the caller brings the scratch.</summary>
internal sealed class MaskGenerator
{
    // The published codes' guards against a division by zero.
    internal const float Epsilon = 1e-8f;

    private readonly ActivationMaps _maps;
    private readonly MaskRule _rule;
    private readonly BilinearAxis _rows;
    private readonly BilinearAxis _columns;

    public MaskGenerator(ActivationMaps maps, MaskRule rule, int height, int width)
    {
        (_maps, _rule) = (maps, rule);
        bool alignCorners = rule == MaskRule.AlignCornersThenMinMax;
        _rows = alignCorners ? BilinearAxis.AlignCorners(maps.Height, height) : BilinearAxis.HalfPixel(maps.Height, height);
        _columns = alignCorners ? BilinearAxis.AlignCorners(maps.Width, width) : BilinearAxis.HalfPixel(maps.Width, width);
    }

    /// <summary>Length of the scratch that <see cref="Generate"/> asks for.</summary>
    public int ScratchLength => Bilinear.ScratchLength(_rows, _columns) + (_maps.Height * _maps.Width);

    /// <summary>True where the mask is zero everywhere, so that nothing is left of the picture.</summary>
    public bool IsZero(int channel) => _maps.IsDead(channel) && (_rule != MaskRule.Tanh || _maps[channel][0] == 0);

    /// <summary>Writes the mask of a channel, H × W.</summary>
    public void Generate(int channel, Span<float> scratch, Span<float> mask)
    {
        ReadOnlySpan<float> map = _maps[channel];
        if (_rule == MaskRule.MinMaxThenUpsample)
        {
            Span<float> normalized = scratch[^map.Length..];
            map.CopyTo(normalized);
            Statistics.NormalizeMinMax(normalized, Epsilon);
            map = normalized;
        }

        Bilinear.Resize(map, _rows, _columns, scratch, mask);
        switch (_rule)
        {
            case MaskRule.UpsampleThenMinMax:
                Statistics.NormalizeMinMax(mask);
                break;
            case MaskRule.AlignCornersThenMinMax:
                Statistics.NormalizeMinMax(mask, Epsilon);
                break;
            case MaskRule.Tanh:
                TensorPrimitives.Tanh(mask, mask);
                break;
        }
    }
}
