using System.Reflection;
using FluentAssertions;
using PublicApiGenerator;

namespace ScoreCam.Tests.Support;

/// <summary>The reviewed list of a library's public members, one file per library in the folder <c>api</c>.</summary>
internal static class PublicApi
{
    /// <summary>
    /// Set to 1, it makes the tests write the files instead of comparing; the difference is then reviewed like code.
    /// </summary>
    private const string UpdateVariable = "SCORECAM_UPDATE_API";

    public static void ShouldBeAsReviewed(Assembly library)
    {
        string path = Path.Combine(SharedFolder.Repository, "api", library.GetName().Name + ".txt");
        // The compiler numbers its state machines. These numbers are not part of the API.
        ApiGeneratorOptions options =
            new()
            {
                IncludeAssemblyAttributes = false,
                ExcludeAttributes = ["System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"]
            };
        string actual = library.GeneratePublicApi(options).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(path, actual);
        string reviewed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        string[] lines = actual.Split('\n'), known = reviewed.Split('\n');
        lines.Except(known).Should()
            .BeEmpty(
            $"every public member is in {path}; run the tests with {UpdateVariable}=1 to write it, and review "
            + $"the difference");
        known.Except(lines).Should()
            .BeEmpty(
            $"every member in {path} is public; run the tests with {UpdateVariable}=1 to write it, and review the "
            + $"difference");
        actual.Should().Be(reviewed, $"{path} has the same order too");
    }
}
