namespace ScoreCam.Methods.Perturbation;

/// <summary>One mask of extremal perturbation while it is optimised: its grid, its area and its momentum.</summary>
internal sealed class AreaMask
{
    private readonly SmoothMask _masks;
    private readonly BlurPyramid _pyramid;
    private readonly int _outside;
    private readonly float[] _cells, _velocity;
    private float[] _gradient = [];
    private float _score;
    private bool _hasMoved;

    public AreaMask(SmoothMask masks, BlurPyramid pyramid, float area)
    {
        (_masks, _pyramid) = (masks, pyramid);
        Mask = new float[masks.Height * masks.Width];
        _outside = (int)(Mask.Length * (1 - area));
        (_cells, _velocity) = (new float[masks.Cells], new float[masks.Cells]);
        Array.Fill(_cells, 1f);
        masks.Write(_cells, Mask);
    }

    /// <summary>M, height × width, 0…1.</summary>
    public float[] Mask { get; }

    /// <summary>The negative objective of the last iteration.</summary>
    public float Loss { get; private set; }

    /// <summary>Writes the picture under the mask.</summary>
    public void WritePicture(Span<float> picture, bool isMirrored)
    {
        _pyramid.Write(Mask, picture);
        if (isMirrored)
            Mirror(picture, _masks.Width);
    }

    /// <summary>Takes the score and its gradient by the picture.</summary>
    public void Take(float score, float[] gradient, bool isMirrored)
    {
        if (isMirrored)
            Mirror(gradient, _masks.Width);
        (_score, _gradient) = (score, gradient);
    }

    /// <summary>A step of gradient ascent with momentum; then the cells are clamped to 0…1.</summary>
    public void Step(float areaWeight, float learningRate, float momentum, float dampening)
    {
        float[] ascent = new float[Mask.Length], cells = new float[_cells.Length];
        _pyramid.Backward(Mask, _gradient, ascent);
        Loss = (areaWeight * Constrain(Mask, _outside, areaWeight, ascent)) - _score;
        _masks.Backward(_cells, ascent, cells);
        for (int i = 0; i < cells.Length; i++)
        {
            _velocity[i] = _hasMoved ? (momentum * _velocity[i]) + ((1 - dampening) * cells[i]) : cells[i];
            _cells[i] = Math.Clamp(_cells[i] + (learningRate * _velocity[i]), 0, 1);
        }
        _hasMoved = true;
        _masks.Write(_cells, Mask);
    }

    /// <summary>
    /// mean((sort(M) − r)²), where r is 0 for the smallest values and 1 for the others. Subtracts its gradient, times
    /// the weight.
    /// </summary>
    internal static float Constrain(ReadOnlySpan<float> mask, int outside, float weight, Span<float> ascent)
    {
        float[] sorted = mask.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double sum = 0;
        for (int rank = 0; rank < sorted.Length; rank++)
        {
            float off = sorted[rank] - (rank < outside ? 0 : 1);
            sum += off * off;
            ascent[order[rank]] -= weight * 2 * off / sorted.Length;
        }
        return (float)(sum / sorted.Length);
    }

    private static void Mirror(Span<float> picture, int width)
    {
        for (int start = 0; start < picture.Length; start += width)
            picture.Slice(start, width).Reverse();
    }
}
