using System.Reflection;

namespace ScoreCam.Cli;

/// <summary>What is explained when the arguments name nothing. The files are beside the program.</summary>
internal static class EmbeddedDefault
{
    public static string Model { get; } = Path.Combine(AppContext.BaseDirectory, "squeezenet1.1");

    public static string Photo { get; } = Path.Combine(AppContext.BaseDirectory, "chelsea.png");
}

/// <summary>The library's version, without the source revision.</summary>
internal static class ProgramVersion
{
    public static string Current { get; } = typeof(ImageModel).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
