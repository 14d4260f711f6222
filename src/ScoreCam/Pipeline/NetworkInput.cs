using System.Numerics.Tensors;
using ScoreCam.Imaging;

namespace ScoreCam.Pipeline;

/// <summary>The preprocessed picture X in the network's own layout, and its products with masks. Immutable and thread-safe.</summary>
internal sealed class NetworkInput
{
    private readonly float[] _picture;
    private readonly TensorLayout _layout;
    private readonly int _channels;

    public NetworkInput(PreparedImage image, TensorLayout layout)
    {
        (_layout, _channels, Height, Width) = (layout, image.Channels, image.Height, image.Width);
        _picture = image.Tensor.ToArray();
        if (layout == TensorLayout.Nhwc)
            for (int c = 0; c < _channels; c++)
                for (int i = 0; i < PlaneLength; i++)
                    _picture[(i * _channels) + c] = image.Tensor[(c * PlaneLength) + i];
    }

    public int Height { get; }

    public int Width { get; }

    private int PlaneLength => Height * Width;

    /// <summary>X itself.</summary>
    public void Write(Span<float> destination) => _picture.CopyTo(destination);

    /// <summary>X ⊙ M, the mask broadcast over the colour channels.</summary>
    public void WriteMasked(ReadOnlySpan<float> mask, Span<float> destination)
    {
        if (_layout == TensorLayout.Nchw || _channels == 1)
        {
            for (int c = 0; c < _channels; c++)
                TensorPrimitives.Multiply(_picture.AsSpan(c * PlaneLength, PlaneLength), mask, destination.Slice(c * PlaneLength, PlaneLength));
            return;
        }

        for (int i = 0, p = 0; i < mask.Length; i++)
            for (int c = 0; c < _channels; c++, p++)
                destination[p] = _picture[p] * mask[i];
    }

    /// <summary>Copies these pixels of X, all their channels, to the same places.</summary>
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

    /// <summary>X with one channel set to zero.</summary>
    public void WriteWithoutChannel(int channel, Span<float> destination)
    {
        Write(destination);
        if (_layout == TensorLayout.Nchw)
        {
            destination.Slice(channel * PlaneLength, PlaneLength).Clear();
            return;
        }
        for (int i = channel; i < destination.Length; i += _channels)
            destination[i] = 0;
    }
}
