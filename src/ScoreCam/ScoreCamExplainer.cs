using ScoreCam.Imaging;

namespace ScoreCam;

/// <summary>Score-CAM (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPRW 2020).</summary>
public sealed class ScoreCamExplainer : Explainer
{
    private readonly ScoreCamOptions _options;

    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">An option is not valid, or the model has no such layer.</exception>
    public ScoreCamExplainer(ImageModel model, ScoreCamOptions? options = null)
        : base(model)
    {
        _options = options ?? new();
    }

    /// <inheritdoc/>
    public override string Name => $"Score-CAM ({_options.Preset})";

    /// <inheritdoc/>
    protected override IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();
}
