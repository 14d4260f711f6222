using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The network's output for one trial picture.</summary>
/// <param name="Scores">The values of the scored tensor.</param>
/// <param name="Near">The values of tensors shortly before it, by name, nearest first.</param>
internal sealed record TrialScores(float[] Scores, IReadOnlyDictionary<string, float[]> Near);

/// <summary>
/// Determines the meaning of the scores from several trial pictures, if the operators do not show it. If the scores
/// equal the softmax or sigmoid of a tensor on all pictures, this tensor contains the logits, whatever operators are
/// used.
/// </summary>
internal static class ScoreTrial
{
    private const float Tolerance = 2e-5f, SumTolerance = 1e-3f;

    /// <summary>The smallest spread of the scores. Scores with a smaller spread prove nothing.</summary>
    private const float LeastSpread = 1e-4f;

    private const float Percent = 100;

    /// <summary>
    /// Returns the source, updated with the result of the trials: another tensor to score, or another meaning of the
    /// values.
    /// </summary>
    /// <param name="source">The source according to the graph.</param>
    /// <param name="trials">The scores of several pictures.</param>
    /// <param name="batch">The number of pictures per run, if the network fixes its batch size.</param>
    public static ScoreSource Decide(ScoreSource source, IReadOnlyList<TrialScores> trials, int batch)
    {
        TrialScores[] usable = [.. trials.Where(t => t.Scores.Length > 0 && Statistics.IndexOfNonFinite(t.Scores) < 0)];
        float[] all = [.. usable.SelectMany(t => t.Scores)];
        if (all.Length == 0 || TensorPrimitives.Max<float>(all) - TensorPrimitives.Min<float>(all) < LeastSpread)
            return source;
        int classes = Math.Max(1, usable[0].Scores.Length / batch);
        if (TensorPrimitives.Min<float>(all) >= 0 && Pictures(usable, classes).All(p => SumsTo(Percent, p)))
            usable = [.. usable.Select(Divided)];
        // The softmax does not change if the maximum is subtracted from the logits. The logits are the farthest tensor
        // that fits.
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
            // The values are compared as probabilities, because neither form then loses precision.
            float found = isLog ? MathF.Exp(trial.Scores[i]) : trial.Scores[i];
            if (!(Math.Abs(found - expected[i]) <= Tolerance))
                return false;
        }
        return true;
    }
}
