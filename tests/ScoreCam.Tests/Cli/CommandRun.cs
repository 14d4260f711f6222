using System.Text.RegularExpressions;
using ScoreCam.Cli;
using ScoreCam.IO;
using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Cli;

/// <summary>
/// Runs the command in this process and keeps its output. No relative paths are used, so that tests can run in
/// parallel.
/// </summary>
internal sealed partial record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>
    /// The text of the error stream, without progress lines, because they depend on the load of the machine.
    /// </summary>
    public string Error { get; } = ProgressLine.Replace(Error, "");

    /// <summary>A network that answers in a few milliseconds.</summary>
    public static string Everyday { get; } = Path.Combine(SharedFolder.Repository, "models", "everyday20");

    /// <summary>The arguments, with everyday20 as the model unless they name one.</summary>
    public static string[] WithModel(params string[] arguments)
    {
        bool takesModel = arguments is ["explain" or "inspect" or "evaluate" or "compare", ..];
        return takesModel && !arguments.Contains("--model")
            ? [arguments[0], "--model", Everyday, .. arguments[1..]]
            : arguments;
    }

    /// <summary>Runs the command with everyday20 as the model, unless the arguments name one.</summary>
    public static Task<CommandRun> Of(CancellationToken cancellationToken, params string[] arguments) =>
        Exactly(cancellationToken, WithModel(arguments));

    /// <inheritdoc cref="Of(CancellationToken, string[])"/>
    public static Task<CommandRun> Of(params string[] arguments) =>
        Of(Xunit.TestContext.Current.CancellationToken, arguments);

    /// <summary>Runs the command with these arguments and no others.</summary>
    public static async Task<CommandRun> Exactly(CancellationToken cancellationToken, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.InvokeAsync(arguments, output, error, cancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }

    [GeneratedRegex(@"^scorecam: (loading the model|\d+ of \d+ done .*)\r?\n", RegexOptions.Multiline)]
    private static partial Regex ProgressLine { get; }

    /// <summary>
    /// Writes a preprocessed image for everyday20 to a file. Every value differs from its neighbours.
    /// </summary>
    public static string Tensor(TemporaryFolder folder, string name, params int[] shape)
    {
        float[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b))
            .Select(i => MathF.Sin(i * 0.01f) + MathF.Cos(i * 0.37f))];
        new NpyArray(shape, values).Save(folder.File(name));
        return folder.File(name);
    }
}
