using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Execution;

/// <summary>
/// What the values of the scored tensor mean, and how logits and probabilities of all classes follow from them.
/// </summary>
internal sealed record ScoreHead
{
    /// <summary>Values per picture in the scored tensor.</summary>
    public required int Values { get; init; }

    public required ScoreKind Kind { get; init; }

    /// <summary>
    /// The values are probabilities p, and the logits behind them are not in the graph: log p is scored, or
    /// log(p / (1 − p)) for independent classes.
    /// </summary>
    public bool ValuesAreProbabilities { get; init; }

    /// <summary>One logit z of a yes–no question: the classes are "no" (−z) and "yes" (z).</summary>
    public bool IsBinary => Values == 1 && Kind == ScoreKind.Sigmoid;

    public int Classes => IsBinary ? 2 : Values;

    /// <summary>One logit per class from the values of one picture.</summary>
    /// <exception cref="ScoreCamException">A value is not finite.</exception>
    public void Logits(ReadOnlySpan<float> values, Span<float> logits)
    {
        int bad = Statistics.IndexOfNonFinite(values);
        if (bad >= 0)
            throw new ScoreCamException(
                $"The network's score of class {bad} is {values[bad]}; a finite number was expected. "
                + "Check the preprocessing, or float16 overflow in the model.");
        if (IsBinary)
            (logits[0], logits[1]) = (-Logit(values[0]), Logit(values[0]));
        else if (!ValuesAreProbabilities)
            values.CopyTo(logits);
        else
            for (int i = 0; i < values.Length; i++)
                logits[i] = Logit(values[i]);
    }

    /// <summary>
    /// The gradient by the values of the scored tensor, from the gradient by the logits: the chain rule through
    /// <see cref="Logits"/>.
    /// </summary>
    public void Backward(ReadOnlySpan<float> values, ReadOnlySpan<float> gradient, Span<float> destination)
    {
        if (IsBinary)
            destination[0] = (gradient[1] - gradient[0]) * Slope(values[0]);
        else
            for (int i = 0; i < values.Length; i++)
                destination[i] = gradient[i] * Slope(values[i]);
    }

    /// <summary>One probability per class from the logits of one picture; both may be the same span.</summary>
    /// <exception cref="UnsupportedModelException">
    /// The network gives a value, which has no probability.
    /// </exception>
    public void Probabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (Kind == ScoreKind.Value)
            throw new UnsupportedModelException(
                "The network gives one value, and there is no probability of it. Score the logit, which is the value "
                + "itself, or set ModelOptions.ScoreKind to Sigmoid if it is a logit.");
        if (Kind == ScoreKind.Sigmoid)
            TensorPrimitives.Sigmoid(logits, probabilities);
        else
            Softmax.Compute(logits, probabilities);
    }

    /// <summary>What the values of one picture say.</summary>
    public Prediction Predict(ReadOnlySpan<float> values, ClassLabels classes)
    {
        var logits = new float[Classes];
        Logits(values, logits);
        float[] probabilities = Kind == ScoreKind.Value ? [] : new float[Classes];
        if (Kind != ScoreKind.Value)
            Probabilities(logits, probabilities);
        return new Prediction(logits, probabilities, classes);
    }

    /// <summary>The derivative of <see cref="Logit"/>.</summary>
    private float Slope(float value)
    {
        if (!ValuesAreProbabilities)
            return 1;
        float slope = 1 / MathF.Max(value, float.Epsilon);
        return Kind == ScoreKind.Softmax ? slope : slope + (1 / MathF.Max(1 - value, 1f / (1 << 25)));
    }

    private float Logit(float value)
    {
        if (!ValuesAreProbabilities)
            return value;
        float log = MathF.Log(MathF.Max(value, float.Epsilon));
        // The largest float below 1 is 2⁻²⁴ away from it, so half of that is nearer than any.
        return Kind == ScoreKind.Softmax ? log : log - MathF.Log(MathF.Max(1 - value, 1f / (1 << 25)));
    }
}
