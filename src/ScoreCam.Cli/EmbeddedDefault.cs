namespace ScoreCam.Cli;

/// <summary>What is explained when nothing is named: files that stand beside the program.</summary>
internal static class EmbeddedDefault
{
    public static string Model { get; } = Path.Combine(AppContext.BaseDirectory, "squeezenet1.1");

    public static string Photo { get; } = Path.Combine(AppContext.BaseDirectory, "chelsea.png");
}
