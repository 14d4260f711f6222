using System.Xml.Linq;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// The package adds usings to every project with <c>ImplicitUsings</c>: an application types <c>using ScoreCam;</c>
/// only.
/// </summary>
public class ImplicitUsingsTests
{
    /// <summary>These are for special purposes. Code that needs one says so.</summary>
    private static readonly string[] Explicit =
    [
        "ScoreCam", "ScoreCam.Evaluation", "ScoreCam.Evaluation.Comparison", "ScoreCam.IO", "ScoreCam.Methods",
        "ScoreCam.Methods.Controls",
    ];

    [Fact]
    public void They_are_the_public_namespaces_of_the_library()
    {
        string props = Path.Combine(SharedFolder.Repository, "src", "ScoreCam", "buildTransitive", "ScoreCam.props");
        IEnumerable<string> usings =
            XDocument.Load(props).Descendants("Using").Select(item => item.Attribute("Include")!.Value);

        IEnumerable<string> namespaces =
            typeof(ImageModel).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct();

        usings.Should().BeEquivalentTo(namespaces.Except(Explicit));
    }
}
