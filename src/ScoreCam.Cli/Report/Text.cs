using System.Globalization;

namespace ScoreCam.Cli.Report;

/// <summary>Formats numbers and names for sentences.</summary>
internal static class Text
{
    /// <summary>Formats a count: 1 picture, 2 pictures.</summary>
    public static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{count} {what}{(count == 1 ? "" : what.EndsWith('s') ? "es" : "s")}");

    /// <summary>Formats a list: a, b and c.</summary>
    public static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "none",
        1 => names[0],
        _ => $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
    };

    /// <summary>Formats a fraction as a whole percentage.</summary>
    public static string Percent(double? share) => share is { } value ? Invariant($"{100 * value:0} %") : "–";

    /// <summary>Formats a time with two or three digits.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 0.00995 => Invariant($"{1000 * seconds:0.0} ms"),
        < 0.0995 => Invariant($"{1000 * seconds:0} ms"),
        < 9.95 => Invariant($"{seconds:0.00} s"),
        _ => Invariant($"{seconds:0} s"),
    };

    /// <summary>Formats a p-value in the usual form.</summary>
    public static string P(double p) => p < 0.001 ? "p < 0.001" : Invariant($"p = {p:0.000}");

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
