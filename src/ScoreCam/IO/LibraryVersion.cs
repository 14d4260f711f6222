using System.Reflection;

namespace ScoreCam.IO;

/// <summary>The version of this library.</summary>
internal static class LibraryVersion
{
    /// <summary>The version of the package, without the source revision.</summary>
    public static string Current { get; } = typeof(LibraryVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
