using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using ScoreCam.IO;

namespace ScoreCam.Cli;

/// <summary>Creates the kinds of options that the commands have, with one-line errors.</summary>
internal static class Options
{
    /// <summary>Adds several options at once.</summary>
    public static void Add(this Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
            command.Add(option);
    }

    /// <summary>Creates an option for a text that can be given several times, or several at once.</summary>
    public static Option<string[]> Many(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    /// <summary>Creates an option for a whole number of at least 1.</summary>
    public static Option<int?> Count(string name, string valueName, string description) => Parsed<int?>(
        name,
        valueName,
        description,
        "a whole number of at least 1",
        text => IsCount(text, out int count) ? count : null);

    /// <summary>Creates the option for the seed of all random numbers.</summary>
    public static Option<int> Seed() =>
        new("--seed") { Description = "Seed of all random numbers. Default: 0.", HelpName = "S" };

    /// <summary>Creates the option for the batch size.</summary>
    public static Option<int?> Batch() => Count("--batch", "B", "Masked pictures per run of the network.");

    /// <summary>Creates the option for the number of batches that run at once.</summary>
    public static Option<int?> Workers() => Count("--workers", "W", "Batches that run at once.");

    /// <summary>Creates the option that takes only the first pictures.</summary>
    public static Option<int?> Limit() => Count("--limit", "N", "Only the first N pictures, in order of name.");

    /// <summary>Creates the option that takes a part of the pictures.</summary>
    public static Option<string?> Shard() => Text(
        "--shard", "I/N", "Only every N-th picture, starting with the I-th; scorecam merge joins the parts.");

    /// <summary>Creates an option for a number above 0 and at most 1.</summary>
    public static Option<float?> Fraction(string name, string valueName, string description) => Parsed<float?>(
        name,
        valueName,
        description,
        "a number above 0 and at most 1",
        text => IsNumber(text, out float value) && value is > 0 and <= 1 ? value : null);

    /// <summary>Creates an option for a time with its unit, ms or s.</summary>
    public static Option<TimeSpan?> Duration(string name, string valueName, string description) =>
        Parsed(name, valueName, description, "a time as 500ms or 2s", ParseDuration);

    /// <summary>Creates an option for a side, or for width × height.</summary>
    public static Option<(int Width, int Height)?> Size(string name, string description) =>
        Parsed(name, "N|WxH", description, "a size as 224 or 320x240 (width x height)", ParseSize);

    /// <summary>Creates an option for one number per red, green and blue, or one number for all.</summary>
    public static Option<Vector3?> Color(string name, string description) =>
        Parsed(name, "R,G,B", description, "three numbers as 0.485,0.456,0.406, or one", ParseColor);

    /// <summary>Creates an option for one of several named values. The description states the default.</summary>
    public static Option<T> Choice<T>(
        string name, string valueName, string description, IReadOnlyDictionary<string, T> choices)
    {
        string names = string.Join(", ", choices.Keys);
        Option<T> option = new(name)
        {
            Description = $"{description} One of {names}.",
            HelpName = valueName,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (choices.TryGetValue(text, out T? value))
                    return value;
                string? suggestion = Suggestion.DidYouMean(text, choices.Keys);
                result.AddError($"{name} takes one of {names}, not '{text}'{suggestion}");
                return default;
            },
        };
        option.CompletionSources.Add([.. choices.Keys]);
        return option;
    }

    /// <summary>
    /// Creates an option with its own syntax. The parser returns null for a text with another syntax.
    /// </summary>
    private static Option<T> Parsed<T>(
        string name, string valueName, string description, string expected, Func<string, T> parse) => new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = (ArgumentResult result) =>
            {
                string text = result.Tokens[0].Value;
                T value = parse(text);
                if (value is null)
                    result.AddError($"{name} takes {expected}, not '{text}'");
                return value;
            },
        };

    private static bool IsCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    private static bool IsNumber(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static TimeSpan? ParseDuration(string text)
    {
        (string number, double unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1)
            : text.EndsWith('s') ? (text[..^1], 1000)
            : ("", 0);
        bool isNumber = double.TryParse(
            number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        return isNumber && value * unit is >= 1 and <= int.MaxValue ? TimeSpan.FromMilliseconds(value * unit) : null;
    }

    private static (int Width, int Height)? ParseSize(string text) => text.Split('x', 'X', '×') switch
    {
        [var side] when IsCount(side, out int both) => (both, both),
        [var first, var second] when IsCount(first, out int width) && IsCount(second, out int height)
            => (width, height),
        _ => null,
    };

    private static Vector3? ParseColor(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        float[] values = [.. parts.Select(part => IsNumber(part, out float value) ? value : float.NaN)];
        return !values.All(float.IsFinite) ? null : values switch
        {
            [var all] => new(all),
            [var red, var green, var blue] => new(red, green, blue),
            _ => null,
        };
    }
}
