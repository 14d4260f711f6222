using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Step 2: the masks M_k of a layer at the input's size, computed from its activation maps one at a time. Immutable and
/// thread-safe. The caller provides the scratch memory.
/// </summary>
internal sealed class Masks
{
    /// <summary>The guard of the published programs against a division by zero.</summary>
    public const float Epsilon = 1e-8f;

    private readonly BilinearAxis _rows;
    private readonly BilinearAxis _columns;

    /// <param name="activations">Step 1: the activation maps A_k.</param>
    /// <param name="rule">How an activation map becomes a mask.</param>
    /// <param name="height">The number of rows of the network's input.</param>
    /// <param name="width">The number of columns of the network's input.</param>
    public Masks(ActivationMaps activations, MaskRule rule, int height, int width)
    {
        (Activations, Rule) = (activations, rule);
        bool alignCorners = rule == MaskRule.AlignCornersThenMinMax;
        _rows = Axis(activations.Height, height);
        _columns = Axis(activations.Width, width);
        Live = [.. Enumerable.Range(0, activations.Channels).Where(k => !IsZero(k))];

        BilinearAxis Axis(int from, int to) =>
            alignCorners ? BilinearAxis.AlignCorners(from, to) : BilinearAxis.HalfPixel(from, to);
    }

    public ActivationMaps Activations { get; }

    public MaskRule Rule { get; }

    /// <summary>The channels whose mask is not zero everywhere, in ascending order.</summary>
    public int[] Live { get; }

    /// <summary>Whether any mask is zero everywhere.</summary>
    public bool AnyIsZero => Live.Length < Activations.Channels;

    /// <summary>The length of the scratch memory for <see cref="Generate"/>.</summary>
    public int ScratchLength => Bilinear.ScratchLength(_rows, _columns) + (Activations.Height * Activations.Width);

    /// <summary>Whether a mask is zero everywhere, so that the masked picture is the baseline.</summary>
    public bool IsZero(int channel) =>
        Activations.IsDead(channel) && (Rule != MaskRule.Tanh || Activations[channel][0] == 0);

    /// <summary>Writes the mask of a channel, height × width.</summary>
    public void Generate(int channel, Span<float> scratch, Span<float> mask)
    {
        ReadOnlySpan<float> map = Activations[channel];
        if (Rule == MaskRule.MinMaxThenUpsample)
        {
            Span<float> normalized = scratch[^map.Length..];
            map.CopyTo(normalized);
            Statistics.NormalizeMinMax(normalized, Epsilon);
            map = normalized;
        }

        Bilinear.Resize(map, _rows, _columns, scratch, mask);
        switch (Rule)
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
