using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>
/// Deletion (Petsiuk et al., "RISE", BMVC 2018): the area under the curve of the class probability while pixels of the
/// preprocessed input are set to zero, 1 % at a time, beginning with the largest values of the map. 0…1, lower is
/// better.
/// </summary>
public sealed class Deletion : Metric
{
    private readonly int _seed;

    /// <summary>Creates the metric.</summary>
    /// <param name="seed">The seed of the order of pixels with equal values.</param>
    public Deletion(int seed = 0) => _seed = seed;

    /// <inheritdoc/>
    public override string Name => "deletion";

    /// <inheritdoc/>
    public override string Title => "Deletion AUC";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        PreparedImage image = evaluation.Image;
        float[] zeros = new float[image.Tensor.Length];
        PreparedImage blank = PreparedImage.FromTensor(zeros, image.Channels, image.Height, image.Width);
        NetworkInput to = evaluation.Explainer.Model.ToNetworkInput(blank);
        return PixelCurve.Of(Name, evaluation, evaluation.Input, to, _seed, cancellationToken);
    }
}

/// <summary>
/// Insertion (Petsiuk et al., "RISE", BMVC 2018): the area under the curve of the class probability while pixels of a
/// blurred copy are replaced with pixels of the picture, 1 % at a time, beginning with the largest values of the map.
/// The blur is a Gaussian of 11 × 11 pixels with σ = 5 for an input of 224 pixels, and it scales with the shorter side.
/// 0…1, higher is better.
/// </summary>
public sealed class Insertion : Metric
{
    private readonly int _seed;

    /// <inheritdoc cref="Deletion(int)"/>
    public Insertion(int seed = 0) => _seed = seed;

    /// <inheritdoc/>
    public override string Name => "insertion";

    /// <inheritdoc/>
    public override string Title => "Insertion AUC";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        NetworkInput from = evaluation.Explainer.Model.ToNetworkInput(Blurred(evaluation.Image));
        return PixelCurve.Of(Name, evaluation, from, evaluation.Input, _seed, cancellationToken);
    }

    internal static PreparedImage Blurred(PreparedImage image)
    {
        double sigma = 5 * (Math.Min(image.Height, image.Width) / 224.0);
        int radius = (int)Math.Round(sigma), plane = image.Height * image.Width;
        var blurred = new float[image.Tensor.Length];
        for (int start = 0; start < blurred.Length; start += plane)
        {
            ReadOnlySpan<float> channel = image.Tensor.Slice(start, plane);
            GaussianBlur.Apply(channel, image.Height, image.Width, sigma, radius, blurred.AsSpan(start, plane));
        }
        return PreparedImage.FromTensor(blurred, image.Channels, image.Height, image.Width);
    }
}

/// <summary>
/// Computes the class probability while the pixels of one picture are replaced with the pixels of another, 1 % at a
/// time, in the order of the map.
/// </summary>
internal static class PixelCurve
{
    private const int Steps = 100;

    public static MetricResult Of(
        string name,
        EvaluationCase evaluation,
        NetworkInput from,
        NetworkInput to,
        int seed,
        CancellationToken cancellationToken)
    {
        PixelOrder order = evaluation.Order(seed);
        float[] probabilities = evaluation.Probabilities(
            Steps + 1,
            (i, picture, _) =>
            {
                int replaced = (int)Math.Round((double)i * order.Pixels.Length / Steps);
                from.Write(picture);
                to.WritePixels(order.Pixels.AsSpan(0, replaced), picture);
            },
            cancellationToken);
        var curve = new MetricCurve
        {
            Name = name,
            X = [.. Enumerable.Range(0, Steps + 1).Select(i => (double)i / Steps)],
            Y = [.. probabilities.Select(probability => (double)probability)],
        };
        return new() { Value = curve.Area, Curves = [curve], TiedShare = order.TiedShare };
    }
}
