using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Architecture;

/// <summary>The C# files of the repository that people write.</summary>
internal static class SourceFiles
{
    /// <summary>The files in a folder of the repository and below it, without what a build writes.</summary>
    public static IEnumerable<string> Under(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SharedFolder.Repository, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(SharedFolder.Repository, file)
                .Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);
}
