using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Execution;

/// <summary>
/// The preprocessed picture X in the network's own layout. It writes masked versions of the picture. Immutable and
/// thread-safe.
/// </summary>
internal sealed class NetworkInput
{
    private readonly float[] _picture;
    private readonly TensorLayout _layout;
    private readonly int _channels;
    private readonly float[]? _fill;
    private readonly float[]? _aboveFill;

    /// <param name="image">The picture X.</param>
    /// <param name="layout">The network's layout.</param>
    /// <param name="fill">The values of masked-out pixels, channels × height × width; empty means zero.</param>
    public NetworkInput(PreparedImage image, TensorLayout layout, ReadOnlySpan<float> fill = default)
    {
        (_layout, _channels, Height, Width) = (layout, image.Channels, image.Height, image.Width);
        _picture = InLayout(image.Values);
        if (fill.IsEmpty)
            return;
        _fill = InLayout(fill.ToArray());
        _aboveFill = new float[_fill.Length];
        TensorPrimitives.Subtract(_picture, _fill, _aboveFill);
        if (Statistics.IndexOfNonFinite(_aboveFill) >= 0)
            throw new ScoreCamException(
                "The difference between the picture and the mask's fill is not finite: the values are too large. "
                + "Check the preprocessing.");
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The number of values of a picture: channels · height · width.</summary>
    public int Length => _picture.Length;

    /// <summary>Whether a mask of zeros leaves only zeros.</summary>
    public bool MasksToZero => _fill is null;

    private int PlaneLength => Height * Width;

    /// <summary>Writes X without changes.</summary>
    public void Write(Span<float> destination) => _picture.CopyTo(destination);

    /// <summary>Writes only the fill, which is the result of a mask of zeros.</summary>
    public void WriteFill(Span<float> destination)
    {
        if (_fill is null)
            destination.Clear();
        else
            _fill.CopyTo(destination);
    }

    /// <summary>
    /// Writes fill + M ⊙ (X − fill), with the mask broadcast over the colour channels. If the fill is zero, this is X ⊙
    /// M.
    /// </summary>
    public void WriteMasked(ReadOnlySpan<float> mask, Span<float> destination)
    {
        float[] above = _aboveFill ?? _picture;
        if (_layout == TensorLayout.Nchw || _channels == 1)
            for (int start = 0; start < above.Length; start += PlaneLength)
            {
                ReadOnlySpan<float> plane = above.AsSpan(start, PlaneLength);
                TensorPrimitives.Multiply(plane, mask, destination.Slice(start, PlaneLength));
            }
        else if (_channels == 3)
            MultiplyInterleaved(above, mask, destination);
        else
            for (int i = 0; i < mask.Length; i++)
            {
                ReadOnlySpan<float> pixel = above.AsSpan(i * _channels, _channels);
                TensorPrimitives.Multiply(pixel, mask[i], destination.Slice(i * _channels, _channels));
            }
        if (_fill is not null)
            TensorPrimitives.Add(destination, _fill, destination);
    }

    /// <summary>
    /// Adds normal noise where the mask hides the picture, n ⊙ (1 − M). The noise is drawn plane by plane.
    /// </summary>
    public void AddNoise(ReadOnlySpan<float> mask, SeededRandom random, double deviation, Span<float> destination)
    {
        (int pixelStride, int channelStride) = _layout == TensorLayout.Nchw ? (1, PlaneLength) : (_channels, 1);
        for (int c = 0; c < _channels; c++)
            for (int i = 0; i < mask.Length; i++)
            {
                float noise = (float)(deviation * random.NextNormal());
                destination[(i * pixelStride) + (c * channelStride)] += noise * (1 - mask[i]);
            }
    }

    /// <summary>Copies the given pixels of X, with all channels, to the same positions.</summary>
    public void WritePixels(ReadOnlySpan<int> pixels, Span<float> destination)
    {
        (int pixelStride, int channelStride) = _layout == TensorLayout.Nchw ? (1, PlaneLength) : (_channels, 1);
        foreach (int pixel in pixels)
            for (int c = 0; c < _channels; c++)
            {
                int i = (pixel * pixelStride) + (c * channelStride);
                destination[i] = _picture[i];
            }
    }

    private static void MultiplyInterleaved(
        ReadOnlySpan<float> colors, ReadOnlySpan<float> mask, Span<float> destination)
    {
        for (int i = 0; i < mask.Length && colors.Length >= 3 && destination.Length >= 3; i++)
        {
            float m = mask[i];
            destination[2] = colors[2] * m;
            destination[1] = colors[1] * m;
            destination[0] = colors[0] * m;
            colors = colors[3..];
            destination = destination[3..];
        }
    }

    /// <summary>
    /// Returns the values in the network's layout. If this layout is planes, the array itself is returned; it must not
    /// be changed.
    /// </summary>
    private float[] InLayout(float[] planes)
    {
        if (_layout == TensorLayout.Nchw || _channels == 1)
            return planes;
        var values = new float[planes.Length];
        Planes.Write(planes, _layout, _channels, values);
        return values;
    }
}
