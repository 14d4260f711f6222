using System.Globalization;
using ScoreCam.Cli.Evaluate;
using Spectre.Console;

namespace ScoreCam.Cli.Compare;

/// <summary>Writes the comparison as a few Markdown tables.</summary>
internal sealed class CompareSummary(IAnsiConsole console)
{
    /// <summary>The largest number of pictures that are listed individually.</summary>
    private const int MostPictures = 8;

    public void Write(ComparisonResult result)
    {
        foreach (LeftOut left in result.LeftOut)
            Line($"left out {left.Name}: {left.Reason}");
        ComparisonFigures figures = result.Figures!;
        if (result.Pictures.Length <= MostPictures)
            foreach (PictureRecord picture in result.Pictures)
                Write(result, picture);
        Networks(result, figures);
        if (figures.Agreement.Length > 0
            && figures.Agreement.Any(pair => pair.BothRight + pair.OnlyFirst + pair.OnlySecond + pair.BothWrong > 0))
            Agreement(figures);
        if (figures.Similarity.Length > 0)
            Similarity(figures);
        string shards = result.Shards.Length > 0 ? $"; shard {string.Join(", ", result.Shards)}" : "";
        Line($"{Count(result.Networks.Length, "network")}, {Count(result.Pictures.Length, "picture")}, "
            + $"{Count(result.Methods.Length, "method")}{shards}");
    }

    private void Write(ComparisonResult result, PictureRecord picture)
    {
        Line(picture.ClassName is null ? picture.Name : $"{picture.Name}: {picture.ClassName}");
        foreach (NetworkRecord network in result.Networks)
        {
            if (network.Answers.FirstOrDefault(answer => answer.Picture == picture.Name) is not { } record)
                continue;
            Evaluation.Comparison.NetworkAnswer answer = record.ToAnswer(network.Name);
            string right = answer.IsRight switch { true => ", right", false => ", wrong", null => "" };
            string said = network.Classes[answer.Predicted];
            Line(Text($"  {network.Name}: {said}, {100 * answer.Confidence:0.0} %{right}"));
        }
    }

    private void Networks(ComparisonResult result, ComparisonFigures figures)
    {
        Line("| network | accuracy | top 5 | parameters | seconds per picture "
            + "|" + string.Concat(result.Methods.Select(m => $" {m.Name}, s |")));
        Line("|---|--:|--:|--:|--:|" + string.Concat(result.Methods.Select(_ => "--:|")));
        for (int i = 0; i < result.Networks.Length; i++)
        {
            (NetworkRecord network, NetworkFigures own) = (result.Networks[i], figures.Networks[i]);
            IEnumerable<string> costs = result.Methods.Select(method =>
                figures.Maps.FirstOrDefault(map =>
                    (map.Network, map.Method) == (network.Name, method.Name))?.Seconds is { } seconds
                    ? Text($" {seconds:0.00} |") : " – |");
            string shares = $"{Share(own.Accuracy)} | {Share(own.TopFive)}";
            string size = Text($"{network.Parameters / 1e6:0.00} M | {own.Seconds:0.000}");
            Line($"| {network.Name} | {shares} | {size} |{string.Concat(costs)}");
        }
        Line("");
    }

    private void Agreement(ComparisonFigures figures)
    {
        Line("| networks | both right | only the first | only the second | both wrong | same answer | κ | McNemar's "
            + "p |");
        Line("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (PairFigures pair in figures.Agreement)
        {
            string kappa = pair.Kappa is { } value ? Text($"{Math.Round(value, 2) + 0.0:0.00}") : "–";
            string same = pair.SameAnswer is { } share ? Text($"{100 * share.Share:0} %") : "–";
            string counts = Text($"{pair.BothRight} | {pair.OnlyFirst} | {pair.OnlySecond} | {pair.BothWrong}");
            Line(Text($"| {pair.First}, {pair.Second} | {counts} | {same} | {kappa} | {pair.McNemar:0.000} |"));
        }
        Line("");
    }

    private void Similarity(ComparisonFigures figures)
    {
        Line("| maps | Pearson | Spearman | SSIM | IoU of the top 20 % |");
        Line("|---|--:|--:|--:|--:|");
        foreach (SimilarityFigures pair in figures.Similarity)
            Line($"| {Names(pair)} | {Number(pair.Pearson)} | {Number(pair.Spearman)} | {Number(pair.Ssim)} | "
                + $"{Number(pair.TopIoU)} |");
        Line("");
    }

    private static string Names(SimilarityFigures pair) => pair.FirstNetwork == pair.SecondNetwork
        ? $"{pair.FirstMethod}, {pair.SecondMethod} on {pair.FirstNetwork}"
        : $"{pair.FirstNetwork}, {pair.SecondNetwork} with {pair.FirstMethod}";

    private static string Share(ShareFigures share) => share.Total == 0
        ? "–"
        : Text($"{100 * share.Share:0} % [{100 * share.Low:0}, {100 * share.High:0}] of {share.Total}");

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Number(double? value) => value is { } number ? Text($"{number:0.000}") : "–";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Line(string text) => console.WriteLine(text);
}
