using ScoreCam.Images;

namespace ScoreCam.Evaluation;

/// <summary>
/// Deletion (Petsiuk et al., "RISE", BMVC 2018): area under the probability of the class while the pixels are set to zero (of the preprocessed input), the
/// largest values of the map first, 1 % at a time. 0…1, lower is better.
/// </summary>
public sealed class Deletion : Metric
{
    private readonly int _seed;

    /// <summary>The metric.</summary>
    /// <param name="seed">Seed of the order among pixels of equal value.</param>
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
        PreparedImage zero = PreparedImage.FromTensor(new float[image.Tensor.Length], image.Channels, image.Height, image.Width);
        return PixelCurve.Of(Name, evaluation, evaluation.Input, evaluation.Explainer.Model.ToNetworkInput(zero), _seed, cancellationToken);
    }
}
