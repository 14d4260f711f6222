using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

public class ClassLabelsTests
{
    private static readonly ClassLabels Birds = new(
    [
        "crane, wading bird", "cock", "Crane", "7", "great white shark, white shark", "hen, biddy, hen",
        "cock of the rock",
    ]);

    [Theory]
    [InlineData("cock", 1)]
    [InlineData("  cock ", 1)]
    [InlineData("COCK", 1)]
    [InlineData("Crane", 2)] // an exact match has priority over the synonym of class 0
    [InlineData("wading bird", 0)]
    [InlineData("White Shark", 4)]
    [InlineData("great white shark, white shark", 4)]
    [InlineData("hen", 5)] // occurs twice in one class, so it is not ambiguous
    [InlineData("0", 0)]
    [InlineData("6", 6)]
    [InlineData("+6", 6)]
    [InlineData("name:7", 3)]
    [InlineData("NAME: cock", 1)]
    public void Finds_a_class(string name, int index) => Birds.IndexOf(name).Should().Be(index);

    [Fact]
    public void Refuses_an_ambiguous_name_with_its_indices() =>
        Birds.Invoking(labels => labels.IndexOf("crane")).Should().Throw<ArgumentException>()
            .WithMessage("'crane' names several classes: 0 (crane, wading bird), 2 (Crane); give the index*");

    [Fact]
    public void Refuses_the_exact_name_of_two_classes() =>
        new ClassLabels(["crane", "hen", "crane"]).Invoking(labels => labels.IndexOf("crane"))
            .Should().Throw<ArgumentException>().WithMessage("*0 (crane), 2 (crane)*");

    [Theory]
    [InlineData("7", "7")] // a number is an index, even if a class has this name
    [InlineData("-1", "-1")]
    [InlineData("99999999999999999999", "99999999999999999999")]
    public void Refuses_an_index_out_of_range(string name, string shown) =>
        Birds.Invoking(labels => labels.IndexOf(name)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"There is no class {shown}: the classes are 0 to 6.*");

    [Fact]
    public void Suggests_a_similar_name() =>
        Birds.Invoking(labels => labels.IndexOf("wite shark")).Should().Throw<ArgumentException>()
            .WithMessage("There is no class 'wite shark' among the 7; did you mean 'white shark'?*");

    [Fact]
    public void Suggests_a_similar_word_of_a_name() =>
        Birds.Invoking(labels => labels.IndexOf("whte")).Should().Throw<ArgumentException>()
            .WithMessage("*; did you mean 'white'?*");

    [Fact]
    public void Lists_the_classes_that_contain_the_text() =>
        Birds.Invoking(labels => labels.IndexOf("rock")).Should().Throw<ArgumentException>()
            .WithMessage("There is no class 'rock' among the 7; these contain it: 6 (cock of the rock).*");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    [InlineData("name:")]
    public void Refuses_an_empty_name(string? name) =>
        Birds.Invoking(labels => labels.IndexOf(name!)).Should().Throw<ArgumentException>();

    [Fact]
    public void Refuses_an_empty_list_and_null_names()
    {
        FluentActions.Invoking(() => new ClassLabels([])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new ClassLabels(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new ClassLabels(["a", null!]))
            .Should().Throw<ArgumentException>().WithMessage("*class 1 is null*");
        FluentActions.Invoking(() => ClassLabels.Numbered(0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Indices_are_checked()
    {
        Birds[1].Should().Be("cock");
        Birds.Invoking(labels => labels[7])
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("There is no class 7*");
        Birds.Invoking(labels => labels[-1]).Should().Throw<ArgumentOutOfRangeException>();
        ClassLabels.Numbered(3)[2].Should().Be("class 2");
    }

    [Fact]
    public void Knows_the_thousand_classes_of_ImageNet()
    {
        ClassLabels labels = ClassLabels.Load(SharedData.Require("photos", "imagenet-1000-labels.txt"));
        labels.Count.Should().Be(1000);
        labels.IndexOf("tench").Should().Be(0);
        labels.IndexOf("espresso").Should().Be(967);
        labels.IndexOf("bathroom tissue").Should().Be(999);
        labels.IndexOf("maillot").Should().Be(638);
        labels.Invoking(l => l.IndexOf("crane"))
            .Should().Throw<ArgumentException>().WithMessage("*134 (crane), 517 (crane)*");
        labels.Invoking(l => l.IndexOf("polecat")).Should().Throw<ArgumentException>().WithMessage("*358*361*");
        labels.Invoking(l => l.IndexOf("terrier")).Should().Throw<ArgumentException>()
            .WithMessage("There is no class 'terrier' among the 1000; these contain it: *Border terrier*in all)*");
    }
}
