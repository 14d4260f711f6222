using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli;

/// <summary>Compares docs/methods.md with the table of methods.</summary>
public class MethodDocumentTests
{
    [Fact]
    public void Every_method_has_its_formula_in_the_documentation()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "methods.md"));
        IEnumerable<string> missing =
            Method.All.Concat(Method.Controls).Select(method => method.Name).Where(name => !page.Contains($"`{name}`"));
        missing.Should().BeEmpty();
    }
}
