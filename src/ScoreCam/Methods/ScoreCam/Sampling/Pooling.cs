using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>Averages maps down to a number of rows and columns. Smaller maps are not changed.</summary>
internal sealed class Pooling(ActivationMaps maps, int maxSide)
{
    private readonly int _height = Math.Min(maps.Height, maxSide);
    private readonly int _width = Math.Min(maps.Width, maxSide);

    /// <summary>The number of values of an averaged map.</summary>
    public int Length => _height * _width;

    /// <summary>Averages a map of the layer's size.</summary>
    public void Average(ReadOnlySpan<float> map, Span<float> pooled)
    {
        if (map.Length == pooled.Length)
        {
            map.CopyTo(pooled);
            return;
        }
        for (int y = 0; y < _height; y++)
            for (int x = 0; x < _width; x++)
            {
                (int top, int bottom) = (y * maps.Height / _height, (y + 1) * maps.Height / _height);
                (int left, int right) = (x * maps.Width / _width, (x + 1) * maps.Width / _width);
                float sum = 0;
                for (int row = top; row < bottom; row++)
                    sum += TensorPrimitives.Sum(map.Slice((row * maps.Width) + left, right - left));
                pooled[(y * _width) + x] = sum / ((bottom - top) * (right - left));
            }
    }
}
