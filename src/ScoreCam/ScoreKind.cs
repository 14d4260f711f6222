namespace ScoreCam;

/// <summary>The meaning of a network's scores. It determines how probabilities are computed.</summary>
public enum ScoreKind
{
    /// <summary>Logits of mutually exclusive classes. The probabilities are their softmax.</summary>
    Softmax,

    /// <summary>
    /// Logits of independent classes, or the single logit of a yes–no question. The probability is the sigmoid of the
    /// logit.
    /// </summary>
    Sigmoid,

    /// <summary>One number, as in a regression. There is one class and no probability.</summary>
    Value,
}
