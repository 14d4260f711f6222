namespace ScoreCam.Evaluation;

/// <summary>
/// Relevance mass accuracy (Arras et al., "CLEVR-XAI", Information Fusion 2022): the fraction of the map's sum that is
/// on the pixels of the known answer, <see cref="EvaluationCase.Answer"/>. The value for a blank map is 0. 0…1, higher
/// is better.
/// </summary>
public sealed class RelevanceMass : Metric
{
    /// <inheritdoc/>
    public override string Name => "relevance-mass";

    /// <inheritdoc/>
    public override string Title => "Relevance mass";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        if (evaluation.AnswerOnInput() is not { } answer)
            return new();
        ReadOnlySpan<float> map = evaluation.Map.Values;
        double sum = 0, mass = 0;
        for (int i = 0; i < map.Length; i++)
        {
            sum += map[i];
            mass += answer[i] ? map[i] : 0;
        }
        return new() { Value = sum == 0 ? 0 : mass / sum };
    }
}

/// <summary>
/// Relevance rank accuracy (Arras et al., "CLEVR-XAI", Information Fusion 2022). The known answer,
/// <see cref="EvaluationCase.Answer"/>, has K pixels. The value is the fraction of the K largest pixels of the map that
/// are on the answer. 0…1, higher is better.
/// </summary>
public sealed class RelevanceRank : Metric
{
    private readonly int _seed;

    /// <inheritdoc cref="Deletion(int)"/>
    public RelevanceRank(int seed = 0) => _seed = seed;

    /// <inheritdoc/>
    public override string Name => "relevance-rank";

    /// <inheritdoc/>
    public override string Title => "Relevance rank";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        if (evaluation.AnswerOnInput() is not { } answer)
            return new();
        PixelOrder order = evaluation.Order(_seed);
        int pixels = answer.Count(inside => inside);
        int hits = order.Pixels.Take(pixels).Count(pixel => answer[pixel]);
        return new() { Value = (double)hits / pixels, TiedShare = order.TiedShare };
    }
}
