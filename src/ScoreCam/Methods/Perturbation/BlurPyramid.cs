using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Perturbation;

/// <summary>
/// A picture at 8 blur levels, from the strongest blur to none. A mask chooses the level of each pixel: 0 is the
/// strongest blur, 1 is the sharp picture, and other values interpolate between two levels. Immutable and thread-safe.
/// </summary>
internal sealed class BlurPyramid
{
    private const int Levels = 8;

    private readonly float[][] _levels;

    public BlurPyramid(PreparedImage image, double largestSigma)
    {
        int plane = image.Height * image.Width;
        _levels = new float[Levels][];
        for (int level = 0; level < Levels; level++)
        {
            double sigma = largestSigma * (Levels - 1 - level) / (Levels - 1);
            _levels[level] = image.Tensor.ToArray();
            if (sigma == 0)
                continue;
            for (int start = 0; start < _levels[level].Length; start += plane)
                GaussianBlur.Apply(
                    image.Tensor.Slice(start, plane), image.Height, image.Width, sigma,
                    _levels[level].AsSpan(start, plane));
        }
    }

    /// <summary>Writes the picture under a mask, channels × height × width.</summary>
    public void Write(ReadOnlySpan<float> mask, Span<float> picture)
    {
        for (int pixel = 0; pixel < mask.Length; pixel++)
        {
            (float[] lower, float[] upper, float part) = At(mask[pixel]);
            for (int i = pixel; i < picture.Length; i += mask.Length)
                picture[i] = lower[i] + (part * (upper[i] - lower[i]));
        }
    }

    /// <summary>
    /// Adds the gradient with respect to the mask, computed from the gradient with respect to the picture.
    /// </summary>
    public void Backward(ReadOnlySpan<float> mask, ReadOnlySpan<float> gradient, Span<float> byMask)
    {
        for (int pixel = 0; pixel < mask.Length; pixel++)
        {
            (float[] lower, float[] upper, _) = At(mask[pixel]);
            for (int i = pixel; i < gradient.Length; i += mask.Length)
                byMask[pixel] += gradient[i] * (Levels - 1) * (upper[i] - lower[i]);
        }
    }

    private (float[] Lower, float[] Upper, float Part) At(float mask)
    {
        float place = Math.Clamp(mask, 0, 1) * (Levels - 1);
        int level = Math.Min((int)place, Levels - 2);
        return (_levels[level], _levels[level + 1], place - level);
    }
}
