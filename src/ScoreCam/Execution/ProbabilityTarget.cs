using System.Numerics.Tensors;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>
/// Converts a target of the probabilities to a target of the logits. Its gradient applies the chain rule to the softmax
/// or sigmoid.
/// </summary>
internal sealed class ProbabilityTarget(Target target, ScoreHead head) : Target
{
    public override string Name => target.Name;

    public override int? ClassIndex => target.ClassIndex;

    public override float Score(ReadOnlySpan<float> scores) => target.Score(Probabilities(scores));

    public override void Gradient(ReadOnlySpan<float> scores, Span<float> destination)
    {
        float[] p = Probabilities(scores), outer = new float[p.Length];
        target.Gradient(p, outer);
        // Softmax: p ⊙ (v − Σ p v). Sigmoid: p ⊙ (v − p v).
        float mean = TensorPrimitives.Dot<float>(p, outer);
        for (int c = 0; c < p.Length; c++)
            destination[c] = p[c] * (outer[c] - (head.Kind == ScoreKind.Softmax ? mean : p[c] * outer[c]));
    }

    private float[] Probabilities(ReadOnlySpan<float> logits)
    {
        var probabilities = new float[logits.Length];
        head.Probabilities(logits, probabilities);
        return probabilities;
    }
}
