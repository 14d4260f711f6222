using ScoreCam.Cli;
using ScoreCam.IO;
using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Cli;

/// <summary>Runs the command in this process and keeps what it wrote; relative paths are not used, so that tests can run side by side.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> Of(CancellationToken cancellationToken, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.InvokeAsync(arguments, output, error, cancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }

    public static Task<CommandRun> Of(params string[] arguments) => Of(Xunit.TestContext.Current.CancellationToken, arguments);

    /// <summary>A preprocessed image that the embedded model takes, as a file; every value is different from its neighbours.</summary>
    public static string Tensor(TemporaryFolder folder, string name, params int[] shape)
    {
        float[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => MathF.Sin(i * 0.01f) + MathF.Cos(i * 0.37f))];
        new NpyArray(shape, values).Save(folder.File(name));
        return folder.File(name);
    }
}
