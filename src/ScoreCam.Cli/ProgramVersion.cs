using System.Reflection;

namespace ScoreCam.Cli;

/// <summary>The library's version, without the source revision.</summary>
internal static class ProgramVersion
{
    public static string Current { get; } =
        typeof(ImageModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
