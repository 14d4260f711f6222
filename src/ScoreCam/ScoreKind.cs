namespace ScoreCam;

/// <summary>What the scores of a network mean. It decides how probabilities are computed.</summary>
public enum ScoreKind
{
    /// <summary>Logits of classes that exclude each other. The probability is their softmax.</summary>
    Softmax,

    /// <summary>
    /// Logits of independent classes, or one logit of a yes–no question. The probability is the sigmoid.
    /// </summary>
    Sigmoid,

    /// <summary>One number, as in a regression. There is one class and no probability.</summary>
    Value,
}
