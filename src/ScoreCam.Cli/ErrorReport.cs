using System.Text.RegularExpressions;

namespace ScoreCam.Cli;

/// <summary>Turns a failure into one line on the error stream and an exit code.</summary>
internal static partial class ErrorReport
{
    public static int Write(Exception failure, TextWriter error, bool verbose, CancellationToken cancellationToken)
    {
        bool interrupted = failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
        error.WriteLine(interrupted ? "scorecam: interrupted" : $"scorecam: {OneLine(failure)}");
        if (verbose && !interrupted)
            error.WriteLine(failure);
        return interrupted ? ExitCodes.Interrupted : IsUserMistake(failure) ? ExitCodes.UserMistake : ExitCodes.Failure;
    }

    /// <summary>The message without what .NET appends for developers: the parameter's name and value.</summary>
    public static string OneLine(Exception failure) =>
        LineBreaks.Replace(DeveloperNotes.Replace(failure.Message, ""), " ").Trim();

    private static bool IsUserMistake(Exception failure) =>
        failure is UserException or ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException or UnsupportedModelException;

    [GeneratedRegex(@" \(Parameter '[^']*'\)(\r?\nActual value was .*)?$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex DeveloperNotes { get; }

    [GeneratedRegex(@"\s*[\r\n]+\s*", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreaks { get; }
}
