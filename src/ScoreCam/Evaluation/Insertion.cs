using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>
/// Insertion (Petsiuk et al., "RISE", BMVC 2018): area under the probability of the class while the pixels of the picture replace those of a blurred one, the
/// largest values of the map first, 1 % at a time. The blur is a Gaussian of 11 × 11 pixels with σ = 5 at 224 pixels, scaled with the shorter side; edges are
/// clamped. 0…1, higher is better.
/// </summary>
public sealed class Insertion : Metric
{
    private readonly int _seed;

    /// <summary>The metric.</summary>
    /// <param name="seed">Seed of the order among pixels of equal value.</param>
    public Insertion(int seed = 0) => _seed = seed;

    /// <inheritdoc/>
    public override string Name => "insertion";

    /// <inheritdoc/>
    public override string Title => "Insertion AUC";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken) =>
        PixelCurve.Of(Name, evaluation, evaluation.Explainer.Model.ToNetworkInput(Blurred(evaluation.Image)), evaluation.Input, _seed, cancellationToken);

    internal static PreparedImage Blurred(PreparedImage image)
    {
        double scale = Math.Min(image.Height, image.Width) / 224.0;
        var blurred = new float[image.Tensor.Length];
        int plane = image.Height * image.Width;
        for (int c = 0; c < image.Channels; c++)
            GaussianBlur.Apply(image.Tensor.Slice(c * plane, plane), image.Height, image.Width, 5 * scale, (int)Math.Round(5 * scale), blurred.AsSpan(c * plane, plane));
        return PreparedImage.FromTensor(blurred, image.Channels, image.Height, image.Width);
    }
}
