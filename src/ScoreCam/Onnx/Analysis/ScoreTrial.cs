using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Onnx.Analysis;

/// <summary>What the network said of one trial picture.</summary>
/// <param name="Scores">The values of the scored tensor.</param>
/// <param name="Near">The values of tensors shortly before it, by name, the nearest first.</param>
internal sealed record TrialScores(float[] Scores, IReadOnlyDictionary<string, float[]> Near);

/// <summary>
/// Decides what scores are where the operators do not tell, from several trial pictures: a tensor whose softmax or
/// sigmoid the scores are on all of them is the logits, in whatever operators that is written.
/// </summary>
internal static class ScoreTrial
{
    private const float Tolerance = 2e-5f, SumTolerance = 1e-3f;

    /// <summary>Scores that hardly differ prove nothing.</summary>
    private const float LeastSpread = 1e-4f;

    private const float Percent = 100;

    /// <summary>
    /// The source with what the trials tell: another tensor to score, or how the values are to be read.
    /// </summary>
    /// <param name="source">What the graph tells.</param>
    /// <param name="trials">The scores of several pictures.</param>
    /// <param name="batch">Pictures in one run, where the network fixes its batch.</param>
    public static ScoreSource Decide(ScoreSource source, IReadOnlyList<TrialScores> trials, int batch)
    {
        TrialScores[] usable = [.. trials.Where(t => t.Scores.Length > 0 && Statistics.IndexOfNonFinite(t.Scores) < 0)];
        float[] all = [.. usable.SelectMany(t => t.Scores)];
        if (all.Length == 0 || TensorPrimitives.Max<float>(all) - TensorPrimitives.Min<float>(all) < LeastSpread)
            return source;
        int classes = Math.Max(1, usable[0].Scores.Length / batch);
        if (TensorPrimitives.Min<float>(all) >= 0 && Pictures(usable, classes).All(p => SumsTo(Percent, p)))
            usable = [.. usable.Select(Divided)];
        // A softmax is the same for logits less their maximum: the logits are the farthest tensor that fits.
        foreach (string tensor in usable[0].Near.Keys.Reverse())
            foreach (bool isLog in (bool[])[false, true])
                foreach (Ending ending in (Ending[])[Ending.Sigmoid, isLog ? Ending.LogSoftmax : Ending.Softmax])
                {
                    bool isPossible = classes > 1 || ending == Ending.Sigmoid;
                    if (isPossible && usable.All(t => Is(ending, isLog, t, tensor, classes)))
                        return source with { Tensor = tensor, Ending = ending, Quantization = null };
                }
        if (usable.Any(t => TensorPrimitives.Min<float>(t.Scores) < 0 || TensorPrimitives.Max<float>(t.Scores) > 1))
            return source with { IsEmbedding = classes > 1 && Pictures(usable, classes).All(HasUnitLength) };
        bool sumToOne = classes > 1 && Pictures(usable, classes).All(p => SumsTo(1, p));
        return source with { Values = sumToOne ? ScoreValues.Probabilities : ScoreValues.IndependentProbabilities };
    }

    private static IEnumerable<float[]> Pictures(IEnumerable<TrialScores> trials, int classes) =>
        trials.SelectMany(trial => trial.Scores.Chunk(classes));

    private static bool SumsTo(float total, float[] scores) => Math.Abs((scores.Sum() / total) - 1) < SumTolerance;

    private static bool HasUnitLength(float[] scores) =>
        Math.Abs(TensorPrimitives.SumOfSquares<float>(scores) - 1) < SumTolerance;

    private static TrialScores Divided(TrialScores trial) =>
        trial with { Scores = [.. trial.Scores.Select(score => score / Percent)] };

    private static bool Is(Ending ending, bool isLog, TrialScores trial, string tensor, int classes)
    {
        if (!trial.Near.TryGetValue(tensor, out float[]? logits) || logits.Length != trial.Scores.Length)
            return false;
        var expected = new float[logits.Length];
        for (int first = 0; first < logits.Length; first += classes)
        {
            ReadOnlySpan<float> from = logits.AsSpan(first, classes);
            Span<float> to = expected.AsSpan(first, classes);
            if (ending == Ending.Sigmoid)
                TensorPrimitives.Sigmoid(from, to);
            else
                Softmax.Compute(from, to);
        }
        for (int i = 0; i < expected.Length; i++)
        {
            // Compared as probabilities, where neither form runs out of digits.
            float found = isLog ? MathF.Exp(trial.Scores[i]) : trial.Scores[i];
            if (!(Math.Abs(found - expected[i]) <= Tolerance))
                return false;
        }
        return true;
    }
}
