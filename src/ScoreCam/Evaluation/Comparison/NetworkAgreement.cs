namespace ScoreCam.Evaluation.Comparison;

/// <summary>Compares the predictions of two networks on the same pictures. Immutable and thread-safe.</summary>
public sealed record NetworkAgreement
{
    /// <summary>The number of pictures that both networks classify correctly.</summary>
    public required int BothRight { get; init; }

    /// <summary>The number of pictures that only the first network classifies correctly.</summary>
    public required int OnlyFirst { get; init; }

    /// <summary>The number of pictures that only the second network classifies correctly.</summary>
    public required int OnlySecond { get; init; }

    /// <summary>The number of pictures that both networks classify incorrectly.</summary>
    public required int BothWrong { get; init; }

    /// <summary>
    /// The pictures for which both networks predict the same class, whether correct or not, out of all pictures that
    /// both answered. Pictures of unknown class are included. Null if the classes of the networks do not match.
    /// </summary>
    public Proportion? SameAnswer { get; init; }

    /// <summary>The number of pictures whose class both networks have.</summary>
    public int Total => BothRight + OnlyFirst + OnlySecond + BothWrong;

    /// <summary>
    /// Cohen's κ of correctness, −1…1. It is 1 if the networks are correct on the same pictures, and 0 if they agree as
    /// often as expected by chance. Null if there are no pictures, or if chance alone would make the networks always
    /// agree.
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
    /// The p-value of McNemar's exact test, 0…1. It considers the pictures on which only one network is correct, and it
    /// is the probability that two equally accurate networks share these pictures at least as unevenly. Below 0.05, the
    /// difference in accuracy is called significant. It is 1 if there are no such pictures.
    /// </summary>
    public double McNemar
    {
        get
        {
            int n = OnlyFirst + OnlySecond, fewer = Math.Min(OnlyFirst, OnlySecond);
            // Logarithms are used because 2⁻ⁿ underflows for many pictures.
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
