using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Evaluate;

/// <summary>The values of one metric for one method, by picture and class.</summary>
internal sealed record MethodValues(string Method, IReadOnlyDictionary<string, double?> Values)
{
    /// <summary>The mean; null if the metric applies to no picture.</summary>
    public double? Mean => Values.Values.OfType<double>().ToArray() is { Length: > 0 } values ? values.Average() : null;
}

/// <summary>
/// Determines the leading methods. A method leads unless another method is better on the same pictures by more than
/// chance: the 95 % bootstrap interval of their paired difference does not contain 0. There is no correction for
/// comparing many methods.
/// </summary>
internal static class Leaders
{
    /// <summary>
    /// Returns the method with the best mean, and the methods that it does not clearly surpass. Empty if this holds for
    /// all methods.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<MethodValues> methods, bool higherIsBetter, int seed)
    {
        MethodValues[] known = [.. methods.Where(method => method.Mean is not null)];
        if (known.Length < 2)
            return [];
        MethodValues best = higherIsBetter ? known.MaxBy(method => method.Mean)! : known.MinBy(method => method.Mean)!;
        string[] leaders = [.. known.Where(method =>
            method == best || !Difference(best, method, seed).IsClear).Select(method => method.Method)];
        return leaders.Length == known.Length ? [] : leaders;
    }

    /// <summary>Returns the difference between the values of two methods, on the pictures that both explain.</summary>
    public static PairedDifference Difference(MethodValues first, MethodValues second, int seed)
    {
        string[] keys = [.. first.Values.Keys.Where(second.Values.ContainsKey).Order(StringComparer.Ordinal)];
        return PairedDifference.Of([.. keys.Select(key => first.Values[key])],
            [.. keys.Select(key => second.Values[key])], seed);
    }
}
