using ScoreCam.Execution;

namespace ScoreCam.Evaluation;

/// <summary>The probability of the class while the pixels of one picture are replaced by those of another, 1 % of them at a time, in the order of the map.</summary>
internal static class PixelCurve
{
    private const int Steps = 100;

    public static MetricResult Of(string name, EvaluationCase evaluation, NetworkInput from, NetworkInput to, int seed, CancellationToken cancellationToken)
    {
        PixelOrder order = evaluation.Order(seed);
        int pixels = order.Pixels.Length;
        float[] scores = evaluation.Probabilities(
            Steps + 1,
            (i, picture, _) =>
            {
                from.Write(picture);
                to.WritePixels(order.Pixels.AsSpan(0, (int)Math.Round((double)i * pixels / Steps)), picture);
            },
            cancellationToken);
        var curve = new MetricCurve
        {
            Name = name,
            X = [.. Enumerable.Range(0, Steps + 1).Select(i => (double)i / Steps)],
            Y = [.. scores.Select(score => (double)score)],
        };
        return new() { Value = curve.Area, Curves = [curve], TiedShare = order.TiedShare };
    }
}
