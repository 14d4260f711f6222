using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>Scores of every target on any number of pictures.</summary>
internal sealed class TargetScorer(BatchPool pool, int height, int width, ScoreHead head, IReadOnlyList<Target> targets, bool probabilities)
{
    private readonly BatchScorer _scorer = new(pool, height, width, head, probabilities);

    /// <summary>One row per target, one score per picture.</summary>
    /// <exception cref="ScoreCamException">A score is not finite.</exception>
    public float[][] Score(int pictures, PictureWriter write, RunContext run)
    {
        run.Expect(pictures);
        float[][] table = [.. targets.Select(_ => new float[pictures])];
        _scorer.Score(pictures, write, (i, scores) =>
        {
            for (int t = 0; t < table.Length; t++)
            {
                float score = targets[t].Score(scores);
                table[t][i] = float.IsFinite(score) ? score
                    : throw new ScoreCamException($"The target '{targets[t].Name}' returned {score}; a finite number was expected.");
            }
        }, run);
        return table;
    }
}
