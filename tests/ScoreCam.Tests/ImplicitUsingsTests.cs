using System.Xml.Linq;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// The package adds usings to every project with <c>ImplicitUsings</c>. An application needs only <c>using
/// ScoreCam;</c>.
/// </summary>
public class ImplicitUsingsTests
{
    /// <summary>Namespaces for special purposes. Code that needs one contains its own using.</summary>
    private static readonly string[] Explicit =
    [
        "ScoreCam", "ScoreCam.Evaluation", "ScoreCam.Evaluation.Comparison", "ScoreCam.IO", "ScoreCam.Methods",
        "ScoreCam.Methods.Controls",
    ];

    [Fact]
    public void The_implicit_usings_are_the_public_namespaces_of_the_library()
    {
        string props = Path.Combine(SharedFolder.Repository, "src", "ScoreCam", "buildTransitive", "ScoreCam.props");
        IEnumerable<string> usings =
            XDocument.Load(props).Descendants("Using").Select(item => item.Attribute("Include")!.Value);

        IEnumerable<string> namespaces =
            typeof(ImageModel).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct();

        usings.Should().BeEquivalentTo(namespaces.Except(Explicit));
    }
}
