namespace ScoreCam;

/// <summary>What the scores of a network are, and so how probabilities follow from them.</summary>
public enum ScoreKind
{
    /// <summary>Logits of classes that exclude each other. The probability is their softmax.</summary>
    Softmax,

    /// <summary>
    /// Logits of classes that stand for themselves, or one logit of a yes–no question. The probability is the sigmoid.
    /// </summary>
    Sigmoid,

    /// <summary>One number, as a regression gives it. There is one class, and no probability.</summary>
    Value,
}
