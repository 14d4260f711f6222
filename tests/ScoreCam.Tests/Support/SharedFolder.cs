namespace ScoreCam.Tests.Support;

/// <summary>
/// Where the repository is, and the data folder <c>shared</c>, which is next to it and not part of it.
/// </summary>
internal static class SharedFolder
{
    /// <summary>Full path of the repository, the folder with ScoreCam.slnx.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Full path of the data folder, whether or not it exists.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ScoreCam.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds ScoreCam.slnx.");
    }
}
