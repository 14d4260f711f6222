namespace ScoreCam.Numerics;

/// <summary>
/// Where the outputs of one axis lie between its inputs: output i is <c>a + t·(b − a)</c> with a and b at
/// <see cref="Lower"/> and <see cref="Upper"/>. Built once, it serves any number of maps. Immutable and thread-safe.
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
            (_lower[i], _upper[i], _fraction[i]) = (lower, Math.Min(lower + 1, inputLength - 1), (float)(clamped - lower));
        }
    }

    /// <summary>Values along the axis before.</summary>
    public int InputLength { get; }

    /// <summary>Values along the axis after.</summary>
    public int OutputLength => _lower.Length;

    /// <summary>Index of the input at or before each output.</summary>
    public ReadOnlySpan<int> Lower => _lower;

    /// <summary>Index of the input after it; the same at the last.</summary>
    public ReadOnlySpan<int> Upper => _upper;

    /// <summary>t, 0…1.</summary>
    public ReadOnlySpan<float> Fraction => _fraction;

    /// <summary>Pixels are areas and their centres are matched; the edges are clamped (ONNX <c>half_pixel</c>, PyTorch <c>align_corners=False</c>).</summary>
    public static BilinearAxis HalfPixel(int inputLength, int outputLength) =>
        new(inputLength, outputLength, i => ((i + 0.5) * inputLength / outputLength) - 0.5);

    /// <summary>The first and last values stay where they are (PyTorch <c>align_corners=True</c>).</summary>
    public static BilinearAxis AlignCorners(int inputLength, int outputLength) =>
        new(inputLength, outputLength, i => outputLength == 1 ? 0 : i * (inputLength - 1.0) / (outputLength - 1));

    /// <summary>Output i is taken at input index <paramref name="position"/>(i), where 0 is the centre of the first value; clamped to the axis.</summary>
    public static BilinearAxis At(int inputLength, int outputLength, Func<int, double> position) => new(inputLength, outputLength, position);
}
