namespace ScoreCam.Evaluation.Comparison;

/// <summary>A measure of the similarity of two maps. All measures use the values of the maps, not colours.</summary>
public enum SimilarityMeasure
{
    /// <summary><see cref="MapSimilarity.Pearson(SaliencyMap, SaliencyMap)"/>.</summary>
    Pearson,

    /// <summary><see cref="MapSimilarity.Spearman"/>.</summary>
    Spearman,

    /// <summary><see cref="MapSimilarity.Ssim"/>.</summary>
    Ssim,

    /// <summary><see cref="MapSimilarity.TopIoU"/> of the top 20 %.</summary>
    TopIoU,
}

/// <summary>Measures maps.</summary>
internal static class SimilarityMeasures
{
    public static double Of(this SimilarityMeasure measure, SaliencyMap first, SaliencyMap second) => measure switch
    {
        SimilarityMeasure.Pearson => MapSimilarity.Pearson(first, second),
        SimilarityMeasure.Spearman => MapSimilarity.Spearman(first, second),
        SimilarityMeasure.Ssim => MapSimilarity.Ssim(first, second),
        SimilarityMeasure.TopIoU => MapSimilarity.TopIoU(first, second),
        _ => throw new ArgumentOutOfRangeException(
            nameof(measure), measure, "Expected Pearson, Spearman, Ssim or TopIoU."),
    };
}
