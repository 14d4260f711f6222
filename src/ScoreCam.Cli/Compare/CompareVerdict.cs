using ScoreCam.Cli.Evaluate;
using ScoreCam.Cli.Report;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// Describes the result of a comparison in words. It mentions a difference only if the pictures show it clearly.
/// </summary>
internal static class CompareVerdict
{
    private const double Significant = 0.05;

    public static IReadOnlyList<Sentence> Of(ComparisonResult result)
    {
        ComparisonFigures figures = result.Figures!;
        string?[] sentences = [Accuracy(figures), Overlap(result), Looks(result, figures), Cost(result, figures)];
        return
        [
            .. sentences.OfType<string>().Select(text => new Sentence(text)),
            .. Faithful(result).Select(text => new Sentence(text)),
            .. Warnings(result).Select(text => new Sentence(text, IsWarning: true)),
        ];
    }

    private static string? Accuracy(ComparisonFigures figures)
    {
        NetworkFigures[] known =
            [.. figures.Networks.Where(network => network.Accuracy.Total > 0).OrderByDescending(n => n.Accuracy.Share)];
        if (known.Length == 0)
            return null;
        NetworkFigures best = known[0];
        NetworkFigures[] first = [.. known.Where(network => network.Accuracy == best.Accuracy)];
        string who = Text.List([.. first.Select(network => Name(network.Network))]);
        string right = $"*{who} {(first.Length == 1 ? "is" : "are each")} right on {best.Accuracy.Count} of "
            + $"{Text.Count(best.Accuracy.Total, "picture")}* ({Text.Percent(best.Accuracy.Share)}, 95 % interval "
            + $"{Text.Percent(best.Accuracy.Low)} to {Text.Percent(best.Accuracy.High)})";
        if (known.Length == first.Length)
            return $"{right}.";
        string Described(NetworkFigures other) =>
            $"{Name(other.Network)} ({Text.Percent(other.Accuracy.Share)}, {Text.P(P(figures, best, other))})";
        string[] behind =
            [.. known.Except(first).Where(other => P(figures, best, other) < Significant).Select(Described)];
        string[] near =
            [.. known.Except(first).Where(other => P(figures, best, other) >= Significant).Select(Described)];
        string clear = behind.Length == 0 ? "" : $" The lead over {Text.List(behind)} is clear.";
        string chance = near.Length == 0 ? "" : $" The lead over {Text.List(near)} can be chance.";
        return $"{right}.{clear}{chance}";
    }

    private static double P(ComparisonFigures figures, NetworkFigures first, NetworkFigures second) =>
        figures.Agreement.First(pair =>
        (pair.First, pair.Second) == (first.Network, second.Network)
            || (pair.First, pair.Second) == (second.Network, first.Network)).McNemar;

    private static string? Overlap(ComparisonResult result)
    {
        if (result.Networks.Length < 2)
            return null;
        NetworkComparison comparison = result.ToComparison();
        bool?[][] answers =
        [
            .. result.Pictures.Select(picture =>
                result.Networks.Select(network => comparison.Answer(network.Name, picture.Name)?.IsRight).ToArray()),
        ];
        bool?[][] known = [.. answers.Where(row => row.All(right => right is not null))];
        if (known.Length == 0)
            return null;
        int all = known.Count(row => row.All(right => right == true)),
            none = known.Count(row => row.All(right => right == false));
        string who = result.Networks.Length == 2 ? "Both networks" : "All networks";
        return $"{who} are right on {Text.Count(all, "picture")} and wrong on {none}. They differ on the other "
            + $"{known.Length - all - none}.";
    }

    private static string? Looks(ComparisonResult result, ComparisonFigures figures)
    {
        if (result.Networks.Length < 2
            || result.Methods.FirstOrDefault(method => !method.IsControl)?.Name is not { } method)
            return null;
        SimilarityFigures[] pairs =
        [
            .. figures.Similarity.Where(pair =>
                pair.FirstMethod == method && pair.SecondMethod == method && pair.Pearson is not null)
                .OrderByDescending(pair => pair.Pearson),
        ];
        if (pairs.Length == 0)
            return null;
        string Names(SimilarityFigures pair) => $"{Name(pair.FirstNetwork)} and {Name(pair.SecondNetwork)}";
        string most = pairs.Length == 1
            ? $"The maps of *{Names(pairs[0])}* have a mean correlation of "
                + $"{Text.Invariant($"{pairs[0].Pearson:0.00}")} with {Name(method)}"
            : $"With {Name(method)}, *{Names(pairs[0])}* look at the most similar places (mean correlation of the maps "
                + $"{Text.Invariant($"{pairs[0].Pearson:0.00}")})";
        string least = pairs.Length == 1
            ? ""
            : $", and {Names(pairs[^1])} at the least similar places ({Text.Invariant($"{pairs[^1].Pearson:0.00}")})";
        return $"{most}{least}.";
    }

    private static string? Cost(ComparisonResult result, ComparisonFigures figures)
    {
        (string Method, double Seconds)[] costs =
        [
            .. result.Methods.Where(method => !method.IsControl)
                .Select(method => (method.Name,
                    Seconds: figures.Maps.Where(map => map.Method == method.Name).Average(map => map.Seconds)))
                .Where(cost => cost.Seconds is not null).Select(cost =>
                    (cost.Name, cost.Seconds!.Value)).OrderBy(cost => cost.Value),
        ];
        return costs.Length < 2
            ? null
            : $"The fastest method is *{Name(costs[0].Method)}* ({Text.Seconds(costs[0].Seconds)} per map on average). "
                + $"The slowest is {Name(costs[^1].Method)} ({Text.Seconds(costs[^1].Seconds)}).";
    }

    /// <summary>
    /// Describes the leading methods of each network by the first metric. No other method clearly surpasses a leading
    /// method.
    /// </summary>
    private static IEnumerable<string> Faithful(ComparisonResult result)
    {
        MethodColumn[] methods = [.. result.Methods.Where(method => !method.IsControl)];
        if (methods.Length < 2 || result.Metrics.Length == 0)
            yield break;
        MetricColumn metric = result.Metrics[0];
        List<string> parts = [];
        foreach (NetworkRecord network in result.Networks)
        {
            ILookup<string, ComparedMapRecord> maps = network.Maps.ToLookup(map => map.Method);
            MethodValues[] values =
            [
                .. methods.Where(method => maps[method.Name].Any()).Select(method => new MethodValues(
                    method.Name, maps[method.Name].ToDictionary(map => map.Picture, map =>
                        map.Values.GetValueOrDefault(metric.Name)))),
            ];
            IReadOnlyList<string> leaders = Leaders.Of(values, metric.HigherIsBetter, result.Seed);
            parts.Add(leaders.Count == 0
                ? $"on {Name(network.Name)} no method is clearly better"
                : $"on {Name(network.Name)} *{Text.List([.. leaders.Select(Name)])}*");
        }
        yield return $"Most faithful by {metric.Title} ({(metric.HigherIsBetter ? "larger" : "smaller")} is better): "
            + $"{string.Join("; ", parts)}.";
    }

    private static IEnumerable<string> Warnings(ComparisonResult result)
    {
        int left = result.LeftOut.Select(one => one.Name).Distinct().Count();
        if (left > 0)
            yield return $"{Text.Count(left, "item")} could not be compared. See the notes.";
        NetworkRecord[] numbered = [.. result.Networks.Where(network => ClassMatch.AreNumbered(new(network.Classes)))];
        if (numbered.Length > 0)
            yield return $"{Text.List([.. numbered.Select(network => Name(network.Name))])} without class names: "
                + "accuracy there depends on the numbering of the classes.";
    }

    private static string Name(string name) => Sentence.Name(name);
}
