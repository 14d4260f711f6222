using ScoreCam.Cli.Report;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>
/// Writes the end of the report: classes that did not match, omitted items, and how the comparison was made.
/// </summary>
internal sealed class CompareNotes(HtmlWriter html, ComparisonResult result, int shown)
{
    private const int MostNames = 12;

    public void Write()
    {
        html.Write($"""<section id="notes"><h2>Notes</h2>""");
        if (shown < result.Pictures.Length)
            html.Write($"""
                <p class="note">The page shows {shown} of {result.Pictures.Length} pictures. Pictures on which the
                networks differ come first. Every figure covers all pictures.</p>
                """);
        List("Classes", [.. Matches(result)]);
        List("Left out", [.. result.LeftOut.Select(left => $"{left.Name}: {left.Reason}")]);
        html.Write($"""<h3>How it was made</h3><dl class="facts">""");
        foreach (NetworkRecord network in result.Networks)
        {
            html.Write($"""
                <dt>{network.Name}</dt><dd>{network.Classes.Length} classes; layer <code>{network.Layer
                    ?? "none"}</code>; {network.Model.Preprocessing.Text};
                SHA-256 <code>{network.Model.ShortSha256}</code></dd>
                """);
        }
        html.Write($"""
            <dt>explained</dt><dd>{Explained()}</dd>
            <dt>maps</dt><dd>compared on a grid with at most 64 cells along the longer side of the
                picture; each cell is the mean of the area that it covers</dd>
            <dt>seed</dt><dd>{result.Seed}</dd></dl></section>
            """);
    }

    private string Explained() => result.Class is { } name
        ? $"the class {name}, on every network"
        : "the class of the picture; if it is unknown or the network does not have it, the predicted class";

    /// <summary>
    /// Describes the mismatches: classes of the pictures that networks do not have, and classes of the networks that
    /// other networks do not have.
    /// </summary>
    internal static IEnumerable<string> Matches(ComparisonResult result)
    {
        foreach (NetworkRecord network in result.Networks)
        {
            if (ClassMatch.AreNumbered(new(network.Classes)))
                yield return $"{network.Name} has no class names. Its predictions are not compared with those of other "
                    + "networks, and it takes the class indices of the pictures as they are. Name a file of labels "
                    + "with --labels.";
            string[] unknown = [.. Unknown(result, network)];
            if (unknown.Length > 0)
                yield return $"{network.Name} has no class named {Names(unknown)}. Its predictions on these pictures "
                    + "are neither right nor wrong.";
        }
        for (int i = 0; i < result.Networks.Length; i++)
            for (int j = i + 1; j < result.Networks.Length; j++)
                if (Unmatched(result.Networks[i], result.Networks[j]) is { } text)
                    yield return text;
    }

    /// <summary>Describes the classes of pictures that a network does not have.</summary>
    private static IEnumerable<string> Unknown(ComparisonResult result, NetworkRecord network)
    {
        HashSet<string> without =
            [.. network.Answers.Where(answer => answer.ClassIndex is null).Select(answer => answer.Picture)];
        return result.Pictures.Where(picture => picture.ClassName is not null && without.Contains(picture.Name))
            .Select(picture => picture.ClassName!).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static string? Unmatched(NetworkRecord first, NetworkRecord second)
    {
        (ClassLabels a, ClassLabels b) = (new(first.Classes), new(second.Classes));
        if (ClassMatch.AreNumbered(a) || ClassMatch.AreNumbered(b))
            return null;
        string[] onlyFirst = Alone(a, b), onlySecond = Alone(b, a);
        if (onlyFirst.Length == 0 && onlySecond.Length == 0)
            return null;
        if (onlyFirst.Length == a.Count)
            return $"{first.Name} and {second.Name} have no class in common.";
        string[] parts =
        [
            .. onlyFirst.Length > 0 ? new[] { $"only {first.Name} has {Names(onlyFirst)}" } : [],
            .. onlySecond.Length > 0 ? new[] { $"only {second.Name} has {Names(onlySecond)}" } : [],
        ];
        return $"Of the classes of {first.Name} and {second.Name}, {a.Count - onlyFirst.Length} match; "
            + $"{string.Join("; ", parts)}.";
    }

    private static string[] Alone(ClassLabels classes, ClassLabels others)
    {
        IReadOnlyList<int?> pairs = ClassMatch.Align(classes, others);
        return [.. Enumerable.Range(0, classes.Count).Where(i => pairs[i] is null).Select(i => classes[i])];
    }

    private static string Names(string[] names) => names.Length <= MostNames
        ? Text.List(names)
        : $"{string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more";

    private void List(string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        html.Write($"<h3>{title}</h3><ul>");
        foreach (string line in lines)
            html.Write($"<li>{line}</li>");
        html.Write($"</ul>");
    }
}
