using System.Text.RegularExpressions;

namespace ScoreCam.Cli;

/// <summary>Thrown if the user's request is invalid. The message states what was expected.</summary>
internal sealed class UserException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>The exit codes of the process.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int UserMistake = 2;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}

/// <summary>Converts a failure to one line on the error stream and an exit code.</summary>
internal static partial class ErrorReport
{
    public static int Write(Exception failure, TextWriter error, bool verbose, CancellationToken cancellationToken)
    {
        bool interrupted = failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
        error.WriteLine(interrupted ? "scorecam: interrupted" : $"scorecam: {OneLine(failure)}");
        if (verbose && !interrupted)
            error.WriteLine(failure);
        return interrupted ? ExitCodes.Interrupted
            : IsUserMistake(failure) ? ExitCodes.UserMistake
            : ExitCodes.Failure;
    }

    /// <summary>
    /// Returns the message as one line. Options of the library are replaced with the command's options. The parameter
    /// name and value that .NET appends are removed.
    /// </summary>
    public static string OneLine(Exception failure) =>
        InCommand(LineBreaks.Replace(DeveloperNotes.Replace(failure.Message, ""), " ").Trim());

    /// <summary>Replaces the library's options in a message with the command's options.</summary>
    public static string InCommand(string message) => LibraryOption.Replace(message, match => match.Value switch
    {
        "ModelOptions.BatchSize" => "--batch",
        "ModelOptions.Labels" => "--labels",
        "ModelOptions.Layout" => "--layout",
        "ModelOptions.Output" => "--output",
        "ModelOptions.Preprocessing" => "--preprocessing",
        "ModelOptions.ScoreKind" => "--scores",
        "ModelOptions.ScoreKind to Sigmoid" => "--scores to sigmoid",
        "ModelOptions.Workers" => "--workers",
        "Preprocessing.Fit" => "--fit",
        "Preprocessing.Mean" => "--mean",
        "Preprocessing.ShortestEdge" => "--crop",
        "Preprocessing.Std" => "--std",
        "Preprocessing.Width" or "Preprocessing.Height" or "Preprocessing.Width and Height" => "--size",
        "ImageModel.Layers" => "scorecam inspect",
        string other => other,
    });

    private static bool IsUserMistake(Exception failure) => failure is UserException or ArgumentException or IOException
        or UnauthorizedAccessException or InvalidDataException or UnsupportedModelException;

    [GeneratedRegex(
        @" \(Parameter '[^']*'\)(\r?\nActual value was .*)?$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex DeveloperNotes { get; }

    [GeneratedRegex(@"\s*[\r\n]+\s*", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreaks { get; }

    [GeneratedRegex(
        @"\b(ModelOptions|Preprocessing|ImageModel)\.[A-Z]\w+( and Height| to Sigmoid)?",
        RegexOptions.CultureInvariant)]
    private static partial Regex LibraryOption { get; }
}
