using System.CommandLine;
using System.Globalization;

namespace ScoreCam.Cli;

/// <summary>The kinds of option that the commands have, with one-line errors.</summary>
internal static class Options
{
    /// <summary>Adds several at once.</summary>
    public static void Add(this Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
            command.Add(option);
    }

    /// <summary>A text that may be given several times, or several at once.</summary>
    public static Option<string[]> Many(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };

    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    /// <summary>A whole number of at least 1.</summary>
    public static Option<int?> Count(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
                return count;
            result.AddError($"{name} takes a whole number of at least 1, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    /// <summary>A number above 0 and at most 1.</summary>
    public static Option<float?> Fraction(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            if (float.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is > 0 and <= 1)
                return value;
            result.AddError($"{name} takes a number above 0 and at most 1, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    /// <summary>A time with its unit, ms or s.</summary>
    public static Option<TimeSpan?> Duration(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            (string number, double milliseconds) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1)
                : text.EndsWith('s') ? (text[..^1], 1000) : ("", 0);
            if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * milliseconds is >= 1 and <= int.MaxValue)
                return TimeSpan.FromMilliseconds(value * milliseconds);
            result.AddError($"{name} takes a time as 500ms or 2s, not '{text}'");
            return null;
        },
    };

    /// <summary>One of several named values; the description says which is the default.</summary>
    public static Option<T> Choice<T>(string name, string valueName, string description, IReadOnlyDictionary<string, T> choices)
    {
        string names = string.Join(", ", choices.Keys);
        Option<T> option = new(name)
        {
            Description = $"{description} One of {names}.",
            HelpName = valueName,
            CustomParser = result =>
            {
                if (choices.TryGetValue(result.Tokens[0].Value, out T? value))
                    return value;
                result.AddError($"{name} takes one of {names}, not '{result.Tokens[0].Value}'");
                return default;
            },
        };
        option.CompletionSources.Add([.. choices.Keys]);
        return option;
    }
}
