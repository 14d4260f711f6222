namespace ScoreCam.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int UserMistake = 2;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}
