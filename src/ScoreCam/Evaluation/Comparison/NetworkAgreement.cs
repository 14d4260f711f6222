namespace ScoreCam.Evaluation.Comparison;

/// <summary>How two networks answer the same pictures of known class. Immutable and thread-safe.</summary>
public sealed record NetworkAgreement
{
    /// <summary>Pictures that both classify rightly.</summary>
    public required int BothRight { get; init; }

    /// <summary>Pictures that only the first one classifies rightly.</summary>
    public required int OnlyFirst { get; init; }

    /// <summary>Pictures that only the second one classifies rightly.</summary>
    public required int OnlySecond { get; init; }

    /// <summary>Pictures that both classify wrongly.</summary>
    public required int BothWrong { get; init; }

    /// <summary>
    /// Pictures for which both predict the same class, right or wrong; null where the classes of the networks do not
    /// match. All pictures count here, also those of unknown class.
    /// </summary>
    public Proportion? SameAnswer { get; init; }

    /// <summary>Pictures of a class that both networks know.</summary>
    public int Total => BothRight + OnlyFirst + OnlySecond + BothWrong;

    /// <summary>
    /// Cohen's κ of being right, −1…1: 1 where the networks are right on the same pictures, 0 where they agree as
    /// often as chance would have it. Null without pictures, and where chance alone would make them agree always.
    /// </summary>
    public double? Kappa
    {
        get
        {
            double n = Total;
            double first = (BothRight + OnlyFirst) / n, second = (BothRight + OnlySecond) / n;
            double observed = (BothRight + BothWrong) / n;
            double chance = (first * second) + ((1 - first) * (1 - second));
            return n == 0 || chance == 1 ? null : (observed - chance) / (1 - chance);
        }
    }

    /// <summary>
    /// p of McNemar's exact test, 0…1: how likely the pictures on which only one is right would be shared out at
    /// least as unevenly between two equally accurate networks. Below 0.05 the difference in accuracy is called
    /// significant. 1 where there are no such pictures.
    /// </summary>
    public double McNemar
    {
        get
        {
            int n = OnlyFirst + OnlySecond, fewer = Math.Min(OnlyFirst, OnlySecond);
            // Logarithms, since 2⁻ⁿ vanishes for many pictures.
            double logTerm = -n * Math.Log(2), sum = 0;
            for (int i = 0; i <= fewer; i++)
            {
                sum += Math.Exp(logTerm);
                logTerm += Math.Log((double)(n - i) / (i + 1));
            }
            return Math.Min(1, 2 * sum);
        }
    }
}
