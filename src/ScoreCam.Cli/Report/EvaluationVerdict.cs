using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Report;

/// <summary>
/// Describes the result of an evaluation in words. It mentions a difference only if the pictures show it clearly.
/// </summary>
internal static class EvaluationVerdict
{
    public static IReadOnlyList<Sentence> Of(EvaluationResult result)
    {
        string?[] sentences = [Leading(result), Cost(result)];
        return [.. sentences.OfType<string>().Select(text => new Sentence(text)), .. Warnings(result)];
    }

    private static string? Leading(EvaluationResult result)
    {
        MetricColumn[] metrics = result.Setup.Metrics;
        if (Real(result).Length < 2 || metrics.Length == 0)
            return null;
        Dictionary<string, int> leads =
            Real(result).ToDictionary(method => method.Name, method => Leads(result, method.Name));
        int decided = metrics.Count(metric => SummaryRow.Leaders(result, metric).Count > 0);
        if (decided == 0)
            return $"On these {result.Pictures}, *no method is clearly better than another* in any of "
                + $"{Text.Count(metrics.Length, "metric")}.";
        KeyValuePair<string, int>[] order = [.. leads.OrderByDescending(lead => lead.Value)];
        string[] best =
            [.. order.Where(lead => lead.Value == order[0].Value).Select(lead => $"*{Sentence.Name(lead.Key)}*")];
        bool IsNext(KeyValuePair<string, int> lead) => lead.Value > 0 && lead.Value < order[0].Value;
        string next = order.FirstOrDefault(IsNext) is { Key: not null } second
            ? $", then {Sentence.Name(second.Key)} in {second.Value}"
            : "";
        string undecided = decided < metrics.Length
            ? $" In the other {metrics.Length - decided}, no method is clearly better than another."
            : "";
        string lead = best.Length == 1 ? "leads" : "each lead";
        return $"{Text.List(best)} {lead} in {order[0].Value} of {Text.Count(decided, "metric")}{next}.{undecided}";
    }

    /// <summary>Returns the number of metrics in which a method is among the leaders.</summary>
    public static int Leads(EvaluationResult result, string method) =>
        result.Setup.Metrics.Count(metric => SummaryRow.Leaders(result, metric).Contains(method));

    private static string? Cost(EvaluationResult result)
    {
        SummaryRow[] rows = [.. result.Summary.Where(row =>
            Real(result).Any(method => method.Name == row.Method)).OrderBy(row => row.Seconds)];
        return rows.Length switch
        {
            0 => null,
            1 => $"A map of *{Sentence.Name(rows[0].Method)}* takes {Text.Seconds(rows[0].Seconds)} on average.",
            _ => $"The fastest method is *{Sentence.Name(rows[0].Method)}* ({Text.Seconds(rows[0].Seconds)} per map on "
                + $"average). The slowest is {Sentence.Name(rows[^1].Method)} ({Text.Seconds(rows[^1].Seconds)}).",
        };
    }

    private static IEnumerable<Sentence> Warnings(EvaluationResult result)
    {
        if (result.Methods.FirstOrDefault(method => method.IsControl && method.Name == "random") is { } random)
            foreach (MethodColumn method in Real(result))
            {
                string[] weak = [.. result.Setup.Metrics.Where(metric =>
                    !IsBetter(result, metric, method, random)).Select(metric => metric.Title)];
                if (2 * weak.Length > result.Setup.Metrics.Length)
                    yield return new(
                        $"{Sentence.Name(method.Name)} is not clearly better than random channel weights in "
                        + $"{weak.Length} of "
                        + $"{Text.Count(result.Setup.Metrics.Length, "metric")}.", IsWarning: true);
            }
        int blank = result.Cases.Count(record => record.Map.Values.All(value => value == 0));
        if (blank > 0)
            yield return new($"{Text.Count(blank, "map")} of {result.Cases.Length} {(blank == 1
                ? "is"
                : "are")} blank.", IsWarning: true);
        int left = result.LeftOut.Select(one => one.Name).Distinct().Count();
        if (left > 0)
            yield return new($"{Text.Count(left, "picture")} could not be evaluated. See the notes.", IsWarning: true);
    }

    private static bool IsBetter(
        EvaluationResult result, MetricColumn metric, MethodColumn method, MethodColumn control)
    {
        PairedDifference difference = SummaryRow.Difference(result, metric, method.Name, control.Name);
        return difference.IsClear && (difference.Mean > 0) == metric.HigherIsBetter;
    }

    private static MethodColumn[] Real(EvaluationResult result) =>
        [.. result.Methods.Where(method => !method.IsControl)];
}
