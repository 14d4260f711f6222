using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>
/// ROAD (Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022). 10, 20, …,
/// 90 % of the pixels are removed, either the most relevant first (MoRF) or the least relevant first (LeRF). Removed
/// pixels are interpolated from their neighbours with a little noise. The value is the mean of (probability under LeRF
/// − probability under MoRF) / 2. −0.5…0.5, higher is better. A map without information gives 0.
/// </summary>
public sealed class Road : Metric
{
    private const double Noise = 0.01;
    private static readonly double[] Shares = [.. Enumerable.Range(1, 9).Select(i => i / 10.0)];

    private readonly int _seed;

    /// <summary>Creates the metric.</summary>
    /// <param name="seed">The seed of the noise, and of the order of pixels with equal values.</param>
    public Road(int seed = 0) => _seed = seed;

    /// <inheritdoc/>
    public override string Name => "road";

    /// <inheritdoc/>
    public override string Title => "ROAD";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(
        EvaluationCase evaluation, CancellationToken cancellationToken) =>
        evaluation.Once($"{Name} {_seed}", () => Compute(evaluation, cancellationToken));

    private MetricResult Compute(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        PixelOrder order = evaluation.Order(_seed);
        int steps = Shares.Length, pixels = order.Pixels.Length;
        float[] probabilities = evaluation.Probabilities(
            2 * steps,
            (i, picture, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                // At least one pixel must remain.
                int count = Math.Min((int)Math.Round(Shares[i % steps] * pixels), pixels - 1);
                bool mostRelevant = i < steps;
                ReadOnlySpan<int> removed = order.Pixels.AsSpan(mostRelevant ? 0 : pixels - count, count);
                PreparedImage without = Without(evaluation.Image, removed, new SeededRandom(_seed, i));
                evaluation.Explainer.Model.ToNetworkInput(without).Write(picture);
            },
            cancellationToken);
        double[] morf = [.. probabilities.Take(steps).Select(p => (double)p)];
        double[] lerf = [.. probabilities.Skip(steps).Select(p => (double)p)];
        return new()
        {
            Value = lerf.Zip(morf, (l, m) => (l - m) / 2).Average(),
            Curves = [new() { Name = "MoRF", X = Shares, Y = morf }, new() { Name = "LeRF", X = Shares, Y = lerf }],
            TiedShare = order.TiedShare,
        };
    }

    private static PreparedImage Without(PreparedImage image, ReadOnlySpan<int> removed, SeededRandom random)
    {
        float[] values = image.Tensor.ToArray();
        int plane = image.Height * image.Width;
        var imputation = new LinearImputation(image.Height, image.Width, removed);
        for (int c = 0; c < image.Channels; c++)
        {
            Span<float> channel = values.AsSpan(c * plane, plane);
            imputation.Fill(channel);
            foreach (int pixel in removed)
                channel[pixel] += (float)(Noise * random.NextNormal());
        }
        return PreparedImage.FromTensor(values, image.Channels, image.Height, image.Width);
    }
}
