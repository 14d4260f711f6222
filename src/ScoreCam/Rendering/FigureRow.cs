using System.Globalization;
using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>One explanation in a <see cref="Figure"/>, with its labels.</summary>
public sealed record FigureRow
{
    // The figure calls a class unlikely below this probability.
    private const float Unlikely = 0.05f;

    /// <summary>The explanation.</summary>
    public required Explanation Explanation { get; init; }

    /// <summary>
    /// The explained picture at its original size. The default is the explanation's own picture. Without a picture,
    /// only the map is drawn.
    /// </summary>
    public RgbImage? Picture { get; init; }

    /// <summary>
    /// The first line of text. The default is the name of the class or target. The probability is drawn below it.
    /// </summary>
    public string? Title { get; init; }

    /// <summary>
    /// The last line of text, in smaller letters. The default is the method, the layer and the passes.
    /// </summary>
    public string? Subtitle { get; init; }

    internal RgbImage? Original => Picture ?? Explanation.Picture;

    internal string TitleText => Title ?? Explanation.TargetName;

    internal string SubtitleText => Subtitle ?? Describe(Explanation);

    /// <summary>The probability as text; null if the target is not a single class.</summary>
    internal string? ProbabilityText
    {
        get
        {
            if (Explanation.Probability is not { } probability)
                return null;
            string percent = probability switch
            {
                < 0.0005f => "< 0.1 %",
                >= 0.9995f and < 1 => "> 99.9 %",
                _ => string.Create(CultureInfo.InvariantCulture, $"{100 * probability:0.0} %"),
            };
            return probability < Unlikely ? $"{percent} (unlikely)" : percent;
        }
    }

    /// <summary>Returns the method, the layer and the passes in one line. This is the default subtitle.</summary>
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
