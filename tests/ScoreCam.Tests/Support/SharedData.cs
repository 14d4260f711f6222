using Xunit;

namespace ScoreCam.Tests.Support;

/// <summary>The data folder <c>shared</c>, for tests: what is absent is skipped.</summary>
internal static class SharedData
{
    /// <summary>Full path of the repository, the folder with ScoreCam.slnx.</summary>
    public static string Repository => SharedFolder.Repository;

    /// <summary>Full path of the data folder, whether or not it exists.</summary>
    public static string Root => SharedFolder.Root;

    /// <summary>The path of a file or folder under <see cref="Root"/>; skips the running test, visibly, where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        if (!Path.Exists(path))
            Assert.Skip($"Needs {Path.Combine(["shared", .. parts])} next to the repository, which is not there.");
        return path;
    }
}
