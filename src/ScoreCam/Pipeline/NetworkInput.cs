using System.Numerics.Tensors;
using ScoreCam.Imaging;

namespace ScoreCam.Pipeline;

/// <summary>The preprocessed picture X in the network's own layout, and what becomes of it under masks. Immutable and thread-safe.</summary>
internal sealed class NetworkInput
{
    private readonly float[] _picture;
    private readonly TensorLayout _layout;
    private readonly int _channels;
    private readonly float[]? _fill;
    private readonly float[]? _aboveFill;

    /// <param name="image">X.</param>
    /// <param name="layout">The network's layout.</param>
    /// <param name="fill">What a masked-out pixel becomes, channels × height × width; null is zero.</param>
    public NetworkInput(PreparedImage image, TensorLayout layout, ReadOnlySpan<float> fill = default)
    {
        (_layout, _channels, Height, Width) = (layout, image.Channels, image.Height, image.Width);
        _picture = InLayout(image.Tensor);
        if (fill.IsEmpty)
            return;
        _fill = InLayout(fill);
        _aboveFill = new float[_fill.Length];
        TensorPrimitives.Subtract(_picture, _fill, _aboveFill);
    }

    public int Height { get; }

    public int Width { get; }

    private int PlaneLength => Height * Width;

    /// <summary>X itself.</summary>
    public void Write(Span<float> destination) => _picture.CopyTo(destination);

    /// <summary>What is left where the mask is zero everywhere: the fill alone.</summary>
    public void WriteFill(Span<float> destination)
    {
        if (_fill is null)
            destination.Clear();
        else
            _fill.CopyTo(destination);
    }

    /// <summary>fill + M ⊙ (X − fill), the mask broadcast over the colour channels; X ⊙ M where the fill is zero.</summary>
    public void WriteMasked(ReadOnlySpan<float> mask, Span<float> destination)
    {
        float[] above = _aboveFill ?? _picture;
        if (_layout == TensorLayout.Nchw || _channels == 1)
            for (int c = 0; c < _channels; c++)
                TensorPrimitives.Multiply(above.AsSpan(c * PlaneLength, PlaneLength), mask, destination.Slice(c * PlaneLength, PlaneLength));
        else
            for (int i = 0, p = 0; i < mask.Length; i++)
                for (int c = 0; c < _channels; c++, p++)
                    destination[p] = above[p] * mask[i];
        if (_fill is not null)
            TensorPrimitives.Add(destination, _fill, destination);
    }

    private float[] InLayout(ReadOnlySpan<float> planes)
    {
        float[] values = planes.ToArray();
        if (_layout == TensorLayout.Nhwc)
            for (int c = 0; c < _channels; c++)
                for (int i = 0; i < PlaneLength; i++)
                    values[(i * _channels) + c] = planes[(c * PlaneLength) + i];
        return values;
    }
}
