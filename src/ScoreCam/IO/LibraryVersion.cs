using System.Reflection;

namespace ScoreCam.IO;

internal static class LibraryVersion
{
    /// <summary>The version as packages carry it, without the source revision.</summary>
    public static string Current { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
