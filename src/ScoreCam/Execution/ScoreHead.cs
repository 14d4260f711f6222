using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Execution;

/// <summary>Computes the logits and probabilities of all classes from the values of the scored tensor.</summary>
internal sealed record ScoreHead
{
    /// <summary>The number of values per picture in the scored tensor.</summary>
    public required int Values { get; init; }

    public required ScoreKind Kind { get; init; }

    /// <summary>
    /// Whether the values are probabilities p whose logits are not in the graph. In this case, log p is scored, or
    /// log(p / (1 − p)) for independent classes.
    /// </summary>
    public bool ValuesAreProbabilities { get; init; }

    /// <summary>
    /// Whether there is one logit z of a yes–no question. The classes are then "no" (−z) and "yes" (z).
    /// </summary>
    public bool IsBinary => Values == 1 && Kind == ScoreKind.Sigmoid;

    public int Classes => IsBinary ? 2 : Values;

    /// <summary>Computes one logit per class from the values of one picture.</summary>
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
    /// Computes the gradient with respect to the values of the scored tensor from the gradient with respect to the
    /// logits. It applies the chain rule to <see cref="Logits"/>.
    /// </summary>
    public void Backward(ReadOnlySpan<float> values, ReadOnlySpan<float> gradient, Span<float> destination)
    {
        if (IsBinary)
            destination[0] = (gradient[1] - gradient[0]) * Slope(values[0]);
        else
            for (int i = 0; i < values.Length; i++)
                destination[i] = gradient[i] * Slope(values[i]);
    }

    /// <summary>
    /// Computes one probability per class from the logits of one picture. Both arguments can be the same span.
    /// </summary>
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

    /// <summary>Returns the prediction for the values of one picture.</summary>
    public Prediction Predict(ReadOnlySpan<float> values, ClassLabels classes)
    {
        var logits = new float[Classes];
        Logits(values, logits);
        float[] probabilities = Kind == ScoreKind.Value ? [] : new float[Classes];
        if (Kind != ScoreKind.Value)
            Probabilities(logits, probabilities);
        return new Prediction(logits, probabilities, classes);
    }

    /// <summary>Returns the derivative of <see cref="Logit"/>.</summary>
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
        // The largest float below 1 differs from 1 by 2⁻²⁴. Half of this difference is nearer to 1 than any other
        // float.
        return Kind == ScoreKind.Softmax ? log : log - MathF.Log(MathF.Max(1 - value, 1f / (1 << 25)));
    }
}
