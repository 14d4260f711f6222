namespace ScoreCam.Numerics;

/// <summary>
/// The interpolation weights of one axis. Output i is <c>a + t·(b − a)</c>, where a is the input at
/// <see cref="Lower"/>, b the input at <see cref="Upper"/> and t the <see cref="Fraction"/>.
/// One axis serves any number of maps. Immutable and thread-safe.
/// </summary>
internal sealed class BilinearAxis
{
    private readonly int[] _lower;
    private readonly int[] _upper;
    private readonly float[] _fraction;

    private BilinearAxis(int inputLength, int outputLength, Func<int, double> position)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputLength);
        InputLength = inputLength;
        (_lower, _upper, _fraction) = (new int[outputLength], new int[outputLength], new float[outputLength]);
        for (int i = 0; i < outputLength; i++)
        {
            double clamped = Math.Clamp(position(i), 0, inputLength - 1);
            int lower = (int)clamped;
            int upper = Math.Min(lower + 1, inputLength - 1);
            (_lower[i], _upper[i], _fraction[i]) = (lower, upper, (float)(clamped - lower));
        }
    }

    /// <summary>The number of values along the axis before resizing.</summary>
    public int InputLength { get; }

    /// <summary>The number of values along the axis after resizing.</summary>
    public int OutputLength => _lower.Length;

    /// <summary>The index of the input at or before each output.</summary>
    public ReadOnlySpan<int> Lower => _lower;

    /// <summary>The index of the next input; at the end of the axis the last input again.</summary>
    public ReadOnlySpan<int> Upper => _upper;

    /// <summary>t, 0…1.</summary>
    public ReadOnlySpan<float> Fraction => _fraction;

    /// <summary>
    /// Half-pixel centres, edges clamped (ONNX <c>half_pixel</c>, PyTorch <c>align_corners=False</c>).
    /// </summary>
    public static BilinearAxis HalfPixel(int inputLength, int outputLength) =>
        new(inputLength, outputLength, i => ((i + 0.5) * inputLength / outputLength) - 0.5);

    /// <summary>The first and the last value keep their positions (PyTorch <c>align_corners=True</c>).</summary>
    public static BilinearAxis AlignCorners(int inputLength, int outputLength) =>
        new(inputLength, outputLength, i => outputLength == 1 ? 0 : i * (inputLength - 1.0) / (outputLength - 1));

    /// <summary>
    /// Output i is sampled at input index <paramref name="position"/>(i), clamped to the axis. Index 0 is the centre
    /// of the first value.
    /// </summary>
    public static BilinearAxis At(int inputLength, int outputLength, Func<int, double> position) =>
        new(inputLength, outputLength, position);
}
