namespace ScoreCam;

/// <summary>What the scores of a network are, and so how probabilities follow from them.</summary>
public enum ScoreKind
{
    /// <summary>Logits of classes that exclude each other: the probability is their softmax.</summary>
    Softmax,

    /// <summary>Logits of classes that stand for themselves, or one logit of a yes–no question: the probability is the sigmoid.</summary>
    Sigmoid,
}
