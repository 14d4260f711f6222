using System.Globalization;
using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>One row of a <see cref="Figure"/>: an explanation, and what stands above it.</summary>
public sealed record FigureRow
{
    /// <summary>What is shown.</summary>
    public required Explanation Explanation { get; init; }

    /// <summary>The picture that was explained, at its original size. Default: the explanation's own; without one only the map is shown.</summary>
    public RgbImage? Picture { get; init; }

    /// <summary>First line. Default: the class with its probability.</summary>
    public string? Title { get; init; }

    /// <summary>Second line, smaller. Default: the method, the layer and the passes.</summary>
    public string? Subtitle { get; init; }

    internal RgbImage? Original => Picture ?? Explanation.Picture;

    internal string TitleText => Title ?? (Explanation.Probability is { } probability
        ? string.Create(CultureInfo.InvariantCulture, $"{Explanation.TargetName} · {100 * probability:0.0} %")
        : Explanation.TargetName);

    internal string SubtitleText => Subtitle ?? Describe(Explanation);

    /// <summary>The method, the layer and the passes in one line: what stands below the title by default.</summary>
    public static string Describe(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        string layers = explanation.Layers switch
        {
            [] => "",
            [var only] => $" · layer {only.Layer.Name}",
            var several => $" · {explanation.Combination.ToString().ToLowerInvariant()} of {several.Count} layers",
        };
        string passes = explanation.Passes == 0 ? "" : $" · {explanation.Passes} passes";
        return $"{explanation.Method}{layers}{passes}";
    }
}
