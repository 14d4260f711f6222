using System.CommandLine;
using System.Globalization;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>The options that select the method and its settings.</summary>
internal sealed class MethodArguments
{
    private readonly Option<string?> _method = Options.Text(
        "--method", "NAME", $"Method: {Method.Grammar}. Default: score-cam.");

    private readonly Option<string[]> _layers = Options.Many(
        "--layer",
        "L",
        "Layers to explain, by tensor or node name (scorecam inspect lists them). Default: the end of the last block.");

    private readonly Option<MaskFill?> _fill = new("--fill")
    {
        Description =
            "Value of masked pixels: zero in the network's input, blurred, or a colour such as #808080. Default: zero.",
        HelpName = "F",
        CustomParser = result => ParseFill(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<bool> _signed = new("--signed")
    {
        Description =
            "Show evidence against the class too: no ReLU, maps of -1…1. Best with --preset increase-of-confidence.",
    };

    private readonly Option<bool> _flip = new("--flip")
    {
        Description = "Average with the map of the mirrored picture; twice the passes.",
    };

    private readonly Option<int> _seed = Options.Seed();
    private readonly ScoreCamArguments _scoreCam = new();

    /// <summary>Creates the option for commands that compare methods.</summary>
    /// <param name="more">Additional text for the description.</param>
    public static Option<string[]> Several(string more = "")
    {
        Option<string[]> methods = Options.Many(
            "--method", "NAME", $"Methods to compare: {Method.ManyGrammar}. Default: score-cam.{more}");
        methods.Aliases.Add("--methods");
        return methods;
    }

    public void AddTo(Command command)
    {
        command.Add(_method, _layers, _fill, _signed, _flip, _seed);
        _scoreCam.AddTo(command);
    }

    /// <summary>
    /// Returns the method, and its settings for each layer. If no layer is named, there is one entry for the default
    /// layer.
    /// </summary>
    /// <exception cref="UserException">The method does not exist, or it does not have the given option.</exception>
    public (Method Method, IReadOnlyList<MethodSettings> Settings) Read(ParseResult parsed)
    {
        Method method = Method.Parse(parsed.GetValue(_method) ?? Method.Default);
        string[] layers = parsed.GetRequiredValue(_layers);
        MaskFill? fill = parsed.GetValue(_fill);
        if (layers.Length > 0 && !method.ReadsLayer)
            throw new UserException($"{method.Name} reads no layer; leave out --layer");
        if (fill is not null && !method.HasFill)
            throw new UserException($"{method.Name} fills no masked pixels; leave out --fill");
        MethodSettings settings = new()
        {
            Seed = parsed.GetValue(_seed),
            Fill = fill ?? MaskFill.Zero,
            Signed = parsed.GetValue(_signed),
            Flip = parsed.GetValue(_flip),
            ScoreCam = ReadScoreCam(parsed, method),
        };
        return (method, layers.Length == 0 ? [settings] : [.. layers.Select(layer => settings with { Layer = layer })]);
    }

    private ScoreCamOptions? ReadScoreCam(ParseResult parsed, Method method)
    {
        string? given = _scoreCam.FirstGiven(parsed);
        if (given is null)
            return method.ScoreCamOptions;
        if (method.ScoreCamOptions is null)
            throw new UserException($"{given} is an option of score-cam; leave it out with --method {method.Name}");
        if (method.HasVariant)
            throw new UserException(
                $"--method {method.Name} already sets how Score-CAM is computed; leave out {given}, or the variant");
        return _scoreCam.Read(parsed);
    }

    private static MaskFill? ParseFill(string text, Action<string> error)
    {
        if (text is "zero")
            return MaskFill.Zero;
        if (text is "blurred")
            return MaskFill.Blurred;
        if (text is ['#', .. { Length: 6 } digits]
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int color))
            return MaskFill.Color((byte)(color >> 16), (byte)(color >> 8), (byte)color);
        error($"--fill takes zero, blurred or a colour as #808080, not '{text}'");
        return null;
    }
}
