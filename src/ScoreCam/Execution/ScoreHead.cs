using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Execution;

/// <summary>What the values of the scored tensor mean, and how logits and probabilities of all classes follow from them.</summary>
internal sealed record ScoreHead
{
    /// <summary>Values per picture in the scored tensor.</summary>
    public required int Values { get; init; }

    public required ScoreKind Kind { get; init; }

    /// <summary>No softmax was found in the graph, but the values are probabilities: their logarithm is scored.</summary>
    public bool ValuesAreProbabilities { get; init; }

    /// <summary>One logit z of a yes–no question: the classes are "no" (−z) and "yes" (z).</summary>
    public bool IsBinary => Values == 1;

    public int Classes => IsBinary ? 2 : Values;

    /// <summary>One logit per class from the values of one picture.</summary>
    /// <exception cref="ScoreCamException">A value is not finite.</exception>
    public void Logits(ReadOnlySpan<float> values, Span<float> logits)
    {
        int bad = Statistics.IndexOfNonFinite(values);
        if (bad >= 0)
            throw new ScoreCamException($"The network's score of class {bad} is {values[bad]}; a finite number was expected. Check the preprocessing, or float16 overflow in the model.");
        if (IsBinary)
            (logits[0], logits[1]) = (-values[0], values[0]);
        else if (ValuesAreProbabilities)
            for (int i = 0; i < values.Length; i++)
                logits[i] = MathF.Log(MathF.Max(values[i], float.Epsilon));
        else
            values.CopyTo(logits);
    }

    /// <summary>One probability per class from the logits of one picture; both may be the same span.</summary>
    public void Probabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (Kind == ScoreKind.Sigmoid)
            TensorPrimitives.Sigmoid(logits, probabilities);
        else
            Softmax.Compute(logits, probabilities);
    }

    /// <summary>What the values of one picture say.</summary>
    public Prediction Predict(ReadOnlySpan<float> values, ClassLabels classes)
    {
        var (logits, probabilities) = (new float[Classes], new float[Classes]);
        Logits(values, logits);
        Probabilities(logits, probabilities);
        return new Prediction(logits, probabilities, classes);
    }

    /// <summary>True where the values of a picture lie in 0…1 and sum to 1, as probabilities do.</summary>
    public static bool LooksLikeProbabilities(ReadOnlySpan<float> values) =>
        values.Length > 1 && TensorPrimitives.Min(values) >= 0 && TensorPrimitives.Max(values) <= 1 && Math.Abs(TensorPrimitives.Sum(values) - 1) < 1e-3;
}
