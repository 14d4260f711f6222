using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>
/// ROAD (Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022): 10, 20, …, 90 % of the pixels are removed, the most
/// relevant first (MoRF) or the least relevant first (LeRF), and filled in smoothly from their neighbours with a little noise. The value is the mean of
/// (probability under LeRF − probability under MoRF) / 2. −0.5…0.5, higher is better; a map without information gives 0.
/// </summary>
public sealed class Road : Metric
{
    private const double Noise = 0.01;
    private static readonly double[] Shares = [.. Enumerable.Range(1, 9).Select(i => i / 10.0)];

    private readonly int _seed;

    /// <summary>The metric.</summary>
    /// <param name="seed">Seed of the noise, and of the order among pixels of equal value.</param>
    public Road(int seed = 0) => _seed = seed;

    /// <inheritdoc/>
    public override string Name => "road";

    /// <inheritdoc/>
    public override string Title => "ROAD";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        PixelOrder order = evaluation.Order(_seed);
        int steps = Shares.Length;
        float[] scores = evaluation.Probabilities(
            2 * steps,
            (i, picture, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min((int)Math.Round(Shares[i % steps] * order.Pixels.Length), order.Pixels.Length - 1);
                ReadOnlySpan<int> removed = i < steps ? order.Pixels.AsSpan(0, count) : order.Pixels.AsSpan(order.Pixels.Length - count);
                evaluation.Explainer.Model.ToNetworkInput(Without(evaluation.Image, removed, new SeededRandom(_seed, i))).Write(picture);
            },
            cancellationToken);
        double[] most = [.. scores.Take(steps).Select(s => (double)s)], least = [.. scores.Skip(steps).Select(s => (double)s)];
        return new()
        {
            Value = least.Zip(most, (l, m) => (l - m) / 2).Average(),
            Curves = [new() { Name = "MoRF", X = Shares, Y = most }, new() { Name = "LeRF", X = Shares, Y = least }],
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
