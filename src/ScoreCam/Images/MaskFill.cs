using System.Globalization;
using ScoreCam.Numerics;

namespace ScoreCam.Images;

/// <summary>
/// The value of a masked-out pixel. The network's input is <c>fill + M ⊙ (X − fill)</c>, where X is the preprocessed
/// picture and M a mask of 0…1. Immutable and thread-safe.
/// </summary>
public abstract class MaskFill
{
    private MaskFill()
    {
    }

    /// <summary>
    /// Zero in the network's input, as in the paper. This is the mean colour if a mean is subtracted, and black if
    /// bytes are only scaled.
    /// </summary>
    public static MaskFill Zero { get; } = new ZeroFill();

    /// <summary>
    /// The blurred picture. Masked-out pixels lose their detail and keep their colour. For an input of 224 pixels, σ is
    /// 10 pixels; it scales with the input's shorter side.
    /// </summary>
    public static MaskFill Blurred { get; } = new BlurFill(10f / 224);

    /// <summary>
    /// A single colour, given as picture bytes. The model's preprocessing converts it. A greyscale network uses the
    /// luma of the colour.
    /// </summary>
    public static MaskFill Color(byte red, byte green, byte blue) => new ColorFill(red, green, blue);

    /// <summary>The picture, blurred with a Gaussian of the given width.</summary>
    /// <param name="sigma">
    /// The standard deviation, as a fraction of the input's shorter side; above 0 and at most 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The standard deviation is not above 0, or it is above 1.
    /// </exception>
    public static MaskFill Blur(float sigma) => sigma is > 0 and <= 1
        ? new BlurFill(sigma)
        : throw new ArgumentOutOfRangeException(
            nameof(sigma), sigma, "Expected a share of the input's shorter side: above 0, at most 1.");

    /// <summary>
    /// Returns the fill in the shape of the tensor of <paramref name="image"/>, channels × height × width; null if the
    /// fill is zero.
    /// </summary>
    internal abstract float[]? Values(PreparedImage image, Preprocessing preprocessing);

    private sealed class ZeroFill : MaskFill
    {
        public override string ToString() => "zero";

        internal override float[]? Values(PreparedImage image, Preprocessing preprocessing) => null;
    }

    private sealed class ColorFill(byte red, byte green, byte blue) : MaskFill
    {
        public override string ToString() => $"#{red:x2}{green:x2}{blue:x2}";

        internal override float[] Values(PreparedImage image, Preprocessing preprocessing)
        {
            float[] color = preprocessing.ToTensor(new RgbImage(1, 1, [red, green, blue]), image.Channels);
            float[] values = new float[image.Tensor.Length];
            int plane = image.Height * image.Width;
            for (int c = 0; c < image.Channels; c++)
                Array.Fill(values, color[c], c * plane, plane);
            return values;
        }
    }

    private sealed class BlurFill(float share) : MaskFill
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"blurred, sigma {share:0.###}");

        internal override float[] Values(PreparedImage image, Preprocessing preprocessing)
        {
            float[] values = new float[image.Tensor.Length];
            int plane = image.Height * image.Width;
            double sigma = share * Math.Min(image.Height, image.Width);
            for (int c = 0; c < image.Channels; c++)
            {
                ReadOnlySpan<float> channel = image.Tensor.Slice(c * plane, plane);
                GaussianBlur.Apply(channel, image.Height, image.Width, sigma, values.AsSpan(c * plane, plane));
            }
            return values;
        }
    }
}
