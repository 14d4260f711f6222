using System.CommandLine;
using System.Globalization;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>The options that say how Score-CAM is computed.</summary>
internal sealed class ScoreCamArguments
{
    public static Dictionary<string, ScoreCamPreset> Presets { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["paper"] = ScoreCamPreset.Paper,
        ["official"] = ScoreCamPreset.Official,
        ["pytorch-grad-cam"] = ScoreCamPreset.PytorchGradCam,
        ["torch-cam"] = ScoreCamPreset.TorchCam,
        ["increase-of-confidence"] = ScoreCamPreset.IncreaseOfConfidence,
        ["scorecam-plus-plus"] = ScoreCamPreset.ScoreCamPlusPlus,
    };

    private readonly Option<ScoreCamPreset> _preset = Options.Choice("--preset", "P", "Published form of Score-CAM. Default: paper.", Presets);
    private readonly Option<MaskFill> _fill = new("--fill")
    {
        Description = "What is masked out becomes: zero in the network's input, blurred, or a colour, as #808080. Default: zero.",
        HelpName = "F",
        DefaultValueFactory = _ => MaskFill.Zero,
        CustomParser = result => ParseFill(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<bool> _signed = new("--signed") { Description = "Show what speaks against a class too: no ReLU, maps of -1…1. Best with --preset increase-of-confidence." };
    private readonly Option<bool> _flip = new("--flip") { Description = "Average with the mirror image's map; twice the passes." };
    private readonly Option<bool> _twoSided = new("--two-sided") { Description = "Score what a mask leaves less what it takes away (Poly-CAM); twice the passes." };
    private readonly SamplingArguments _sampling = new();

    public void AddTo(Command command)
    {
        command.Add(_preset, _fill, _signed, _flip, _twoSided);
        _sampling.AddTo(command);
    }

    /// <exception cref="UserException">The options contradict each other.</exception>
    public ScoreCamOptions Read(ParseResult parsed) => new()
    {
        Preset = parsed.GetValue(_preset),
        MaskFill = parsed.GetRequiredValue(_fill),
        Signed = parsed.GetValue(_signed),
        FlipAveraging = parsed.GetValue(_flip),
        TwoSided = parsed.GetValue(_twoSided),
        Sampling = _sampling.Read(parsed),
    };

    private static MaskFill ParseFill(string text, Action<string> error)
    {
        if (text is "zero")
            return MaskFill.Zero;
        if (text is "blurred")
            return MaskFill.Blurred;
        if (text.Length == 7 && text[0] == '#' && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int color))
            return MaskFill.Color((byte)(color >> 16), (byte)(color >> 8), (byte)color);
        error($"--fill takes zero, blurred or a colour as #808080, not '{text}'");
        return MaskFill.Zero;
    }
}
