using Xunit;

namespace ScoreCam.Tests.Support;

/// <summary>The data folder <c>shared</c>, for tests. A test that needs an absent file is skipped.</summary>
internal static class SharedData
{
    /// <summary>Full path of the repository, the folder with ScoreCam.slnx.</summary>
    public static string Repository => SharedFolder.Repository;

    /// <summary>Full path of the data folder, whether or not it exists.</summary>
    public static string Root => SharedFolder.Root;

    /// <summary>The end of the reason why a test is skipped.</summary>
    public const string Absent = "next to the repository, which is not there.";

    /// <summary>
    /// The path of a file or folder under <see cref="Root"/>. Where it is absent, the running test is skipped, visibly.
    /// </summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        if (!Path.Exists(path))
            Assert.Skip($"Needs {Path.Combine(["shared", .. parts])} {Absent}");
        return path;
    }
}
