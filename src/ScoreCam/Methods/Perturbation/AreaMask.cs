using System.Runtime.InteropServices;

namespace ScoreCam.Methods.Perturbation;

/// <summary>One mask of extremal perturbation during optimisation: its grid, area and momentum.</summary>
internal sealed class AreaMask
{
    private readonly SmoothMask _smooth;
    private readonly BlurPyramid _pyramid;
    private readonly int _outside;
    private readonly float[] _cells, _velocity;
    private float[] _gradient = [];
    private float _score;
    private bool _hasMoved;

    public AreaMask(SmoothMask smooth, BlurPyramid pyramid, float area)
    {
        (_smooth, _pyramid) = (smooth, pyramid);
        Mask = new float[smooth.Height * smooth.Width];
        _outside = Math.Min((int)(Mask.Length * (1 - area)), Mask.Length - 1);
        (_cells, _velocity) = (new float[smooth.Cells], new float[smooth.Cells]);
        Array.Fill(_cells, 1f);
        smooth.Write(_cells, Mask);
    }

    /// <summary>The mask M, height × width, 0…1.</summary>
    public float[] Mask { get; }

    /// <summary>The negative objective of the last iteration.</summary>
    public float Loss { get; private set; }

    /// <summary>Writes the picture under the mask.</summary>
    public void WritePicture(Span<float> picture, bool isMirrored)
    {
        _pyramid.Write(Mask, picture);
        if (isMirrored)
            Mirror(picture, _smooth.Width);
    }

    /// <summary>Receives the score and its gradient with respect to the picture.</summary>
    public void Take(float score, float[] gradient, bool isMirrored)
    {
        if (isMirrored)
            Mirror(gradient, _smooth.Width);
        (_score, _gradient) = (score, gradient);
    }

    /// <summary>Takes a step of gradient ascent with momentum, and then clamps the cells to 0…1.</summary>
    public void Step(float areaWeight, float learningRate, float momentum, float dampening)
    {
        float[] ascent = new float[Mask.Length], cells = new float[_cells.Length];
        _pyramid.Backward(Mask, _gradient, ascent);
        Loss = (areaWeight * Constrain(Mask, _outside, areaWeight, ascent)) - _score;
        _smooth.Backward(ascent, cells);
        for (int i = 0; i < cells.Length; i++)
        {
            _velocity[i] = _hasMoved ? (momentum * _velocity[i]) + ((1 - dampening) * cells[i]) : cells[i];
            _cells[i] = Math.Clamp(_cells[i] + (learningRate * _velocity[i]), 0, 1);
        }
        _hasMoved = true;
        _smooth.Write(_cells, Mask);
    }

    /// <summary>
    /// Computes mean((sort(M) − r)²), where r is 0 for the smallest values and 1 for the others. Subtracts its
    /// gradient, multiplied by the weight, from <paramref name="ascent"/>. Of equal values, the value of the earlier
    /// pixel counts as smaller.
    /// </summary>
    internal static float Constrain(ReadOnlySpan<float> mask, int outside, float weight, Span<float> ascent)
    {
        (float border, int equalOutside) = Ranked(mask, outside);
        double sum = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            bool isInside = mask[i] > border || (mask[i] == border && equalOutside-- <= 0);
            float off = mask[i] - (isInside ? 1 : 0);
            sum += off * off;
            ascent[i] -= weight * 2 * off / mask.Length;
        }
        return (float)(sum / mask.Length);
    }

    /// <summary>
    /// Finds the value at a rank, byte by byte, and the number of equal values at lower ranks. The values must be
    /// non-negative, so that their bits have the same order.
    /// </summary>
    private static (float Value, int Equal) Ranked(ReadOnlySpan<float> values, int rank)
    {
        uint upper = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            int[] counts = new int[256];
            foreach (uint bits in MemoryMarshal.Cast<float, uint>(values))
                if ((ulong)bits >> (shift + 8) == upper)
                    counts[(byte)(bits >> shift)]++;
            byte next = 0;
            for (; rank >= counts[next]; next++)
                rank -= counts[next];
            upper = (upper << 8) | next;
        }
        return (BitConverter.UInt32BitsToSingle(upper), rank);
    }

    private static void Mirror(Span<float> picture, int width)
    {
        for (int start = 0; start < picture.Length; start += width)
            picture.Slice(start, width).Reverse();
    }
}
