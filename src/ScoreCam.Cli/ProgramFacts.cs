using System.Reflection;

namespace ScoreCam.Cli;

/// <summary>The model and picture that are used if the arguments name none. The files are beside the program.</summary>
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
