using Xunit;

namespace ScoreCam.Tests.Support;

/// <summary>The data folder <c>shared</c>, which stands next to the repository and is not part of it.</summary>
internal static class SharedData
{
    /// <summary>Full path of the repository, the folder with ScoreCam.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Full path of the data folder, whether or not it exists.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    /// <summary>The path of a file or folder under <see cref="Root"/>; skips the running test, visibly, where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        if (!Path.Exists(path))
            Assert.Skip($"Needs {Path.Combine(["shared", .. parts])} next to the repository, which is not there.");
        return path;
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ScoreCam.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds ScoreCam.sln.");
    }
}
