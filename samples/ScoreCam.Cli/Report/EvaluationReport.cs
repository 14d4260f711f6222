using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Report;

internal static class EvaluationReport
{
    public static void Write(EvaluationResult result, string? images, string path) => throw new NotImplementedException();
}
