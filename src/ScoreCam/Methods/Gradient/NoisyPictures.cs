using System.Numerics.Tensors;
using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Gradient;

/// <summary>Noisy copies of a picture: X + σ z, where z is standard normal noise. Thread-safe.</summary>
internal sealed class NoisyPictures
{
    private readonly float[] _picture;
    private readonly Action<int, Span<float>> _writeNoise;
    private readonly float _sigma;

    /// <param name="image">The picture.</param>
    /// <param name="count">The number of copies.</param>
    /// <param name="noise">σ as a fraction of max X − min X.</param>
    /// <param name="seed">The same seed gives the same copies.</param>
    public NoisyPictures(PreparedImage image, int count, float noise, int seed)
        : this(image, count, noise, (index, z) => WriteNormal(seed, index, z))
    {
    }

    /// <param name="image">The picture.</param>
    /// <param name="count">The number of copies.</param>
    /// <param name="noise">σ as a fraction of max X − min X.</param>
    /// <param name="writeNoise">Writes the noise z of one copy.</param>
    public NoisyPictures(PreparedImage image, int count, float noise, Action<int, Span<float>> writeNoise)
    {
        _picture = image.Tensor.ToArray();
        _sigma = noise * (TensorPrimitives.Max<float>(_picture) - TensorPrimitives.Min<float>(_picture));
        (Count, _writeNoise) = (count, writeNoise);
    }

    /// <summary>The number of copies.</summary>
    public int Count { get; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static void Require(int samples, float noise)
    {
        if (samples < 1)
            throw new ArgumentOutOfRangeException("Samples", samples, "Expected at least 1 noisy picture.");
        if (noise is not (>= 0 and <= 100))
            throw new ArgumentOutOfRangeException(
                "Noise", noise,
                "The standard deviation of the noise is a part of the picture's range: expected 0 to 100.");
    }

    /// <summary>Writes one copy, channels × height × width.</summary>
    public void Write(int index, Span<float> picture)
    {
        _writeNoise(index, picture);
        TensorPrimitives.MultiplyAdd(picture, _sigma, _picture, picture);
    }

    private static void WriteNormal(int seed, int index, Span<float> noise)
    {
        var random = new SeededRandom(seed, index);
        for (int i = 0; i < noise.Length; i++)
            noise[i] = (float)random.NextNormal();
    }
}
