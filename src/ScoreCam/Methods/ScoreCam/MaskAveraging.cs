using System.Globalization;
using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Specifies which variants of each mask are scored. The score of a channel is the mean over the variants of its mask.
/// Each variant takes one forward pass. Immutable and thread-safe.
/// </summary>
public abstract class MaskAveraging
{
    private protected MaskAveraging()
    {
    }

    /// <summary>Scores each mask once, without variants. This is the default.</summary>
    public static MaskAveraging None { get; } = new SingleMask();

    /// <summary>The number of variants of each mask.</summary>
    internal abstract int Count { get; }

    /// <summary>
    /// SS-CAM (Wang et al., "SS-CAM: Smoothed Score-CAM for Sharper Visual Feature Localization", 2020), in the form
    /// that smooths masks: S_k = 1/n Σ_i S(X ⊙ (M_k + σ z_i)), where z_i is standard normal noise. All channels share
    /// the same noise, so that the noise adds no differences between them. The noise takes n · H · W floats of memory.
    /// </summary>
    /// <param name="samples">The number n of noisy masks per channel, at least 1. The paper uses 10 to 35.</param>
    /// <param name="deviation">
    /// The standard deviation σ, in units of the mask, which is 0…1. It ranges from 0 to 100.
    /// </param>
    /// <param name="seed">The seed of the noise. The same seed gives the same map for any number of workers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static MaskAveraging Noise(int samples = 35, float deviation = 2, int seed = 0) =>
        new NoisyMasks(samples, deviation, seed);

    /// <summary>
    /// IS-CAM (Naidu et al., "IS-CAM: Integrated Score-CAM for axiomatic-based explanations", 2020). The mask is scaled
    /// in N steps from 1/N to 1: S_k = 1/N Σ_i S(X ⊙ (i/N) M_k).
    /// </summary>
    /// <param name="steps">The number N of steps, at least 1. The paper uses 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static MaskAveraging Steps(int steps = 10) => new ScaledMasks(steps);

    /// <summary>
    /// Creates the function that turns a mask of this size into one of its variants. The function is thread-safe.
    /// </summary>
    internal abstract MaskVariant Begin(int height, int width);

    private sealed class SingleMask : MaskAveraging
    {
        internal override int Count => 1;

        public override string ToString() => "none";

        internal override MaskVariant Begin(int height, int width) => (_, _) => { };
    }

    private sealed class NoisyMasks : MaskAveraging
    {
        private readonly float _deviation;
        private readonly int _seed;

        public NoisyMasks(int samples, float deviation, int seed)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
            if (deviation is not (>= 0 and <= 100))
                throw new ArgumentOutOfRangeException(
                    nameof(deviation),
                    deviation,
                    "The standard deviation is in units of the mask, which is 0 to 1: expected 0 to 100.");
            (Count, _deviation, _seed) = (samples, deviation, seed);
        }

        internal override int Count { get; }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"SS-CAM, {Count} samples, deviation {_deviation}");

        internal override MaskVariant Begin(int height, int width)
        {
            float[][] noise = [.. Enumerable.Range(0, Count).Select(i => Field(i, height * width))];
            return (variant, mask) => TensorPrimitives.Add(mask, noise[variant], mask);
        }

        private float[] Field(int index, int length)
        {
            var random = new SeededRandom(_seed, index);
            var field = new float[length];
            for (int i = 0; i < length; i++)
                field[i] = (float)(_deviation * random.NextNormal());
            return field;
        }
    }

    private sealed class ScaledMasks : MaskAveraging
    {
        public ScaledMasks(int steps)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
            Count = steps;
        }

        internal override int Count { get; }

        public override string ToString() => $"IS-CAM, {Count} steps";

        internal override MaskVariant Begin(int height, int width) => (variant, mask) =>
            TensorPrimitives.Multiply(mask, (variant + 1f) / Count, mask);
    }
}

/// <summary>Turns a mask, height × width, into one of its variants.</summary>
internal delegate void MaskVariant(int variant, Span<float> mask);
