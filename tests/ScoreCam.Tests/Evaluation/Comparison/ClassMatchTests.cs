using FluentAssertions;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation.Comparison;

public class ClassMatchTests
{
    private static readonly ClassLabels Birds =
        new(["background", "tench, Tinca tinca", "crane", "kite", "crane", "polecat, fitch", "ferret, polecat"]);

    [Theory]
    [InlineData("TINCA tinca", null, 1)]
    [InlineData("tench, Tinca tinca", null, 1)]
    [InlineData("crane", null, null)]
    [InlineData("crane", 1, 2)]
    [InlineData("crane", 3, 4)]
    [InlineData("polecat", 4, 5)]
    [InlineData("ferret", null, 6)]
    [InlineData("goose", 3, null)]
    public void A_class_is_found_by_any_synonym(string name, int? index, int? expected) =>
        ClassMatch.Find(Birds, name, index).Should().Be(expected);

    [Fact]
    public void A_class_with_exactly_the_name_is_preferred_to_a_synonym() =>
        ClassMatch.Find(new(["sea snake, snake", "snake"]), "snake").Should().Be(1);

    [Fact]
    public void A_network_without_class_names_uses_the_index()
    {
        ClassLabels numbers = ClassLabels.Numbered(3);
        ClassMatch.AreNumbered(numbers).Should().BeTrue();
        ClassMatch.AreNumbered(Birds).Should().BeFalse();
        ClassMatch.Find(numbers, "crane", 2).Should().Be(2);
        ClassMatch.Find(numbers, "crane", 3).Should().BeNull();
        ClassMatch.Find(numbers, "crane").Should().BeNull();
    }

    [Fact]
    public void Classes_are_paired_by_label_then_first_synonym_then_any_synonym()
    {
        ClassLabels first = new(["crane", "Cat, tabby", "dog", "crane", "lynx, catamount", "axe"]);
        ClassLabels second = new(["background", "CRANE", "cat", "hound, dog", "crane", "catamount"]);
        ClassMatch.Align(first, second).Should().Equal(1, 2, 3, 4, 5, null);
        ClassMatch.Align(second, first).Should().Equal(null, 0, 1, 2, 3, 4);
    }

    [Fact]
    public void A_class_is_in_at_most_one_pair() =>
        ClassMatch.Align(new(["a, b", "b, c"]), new(["b"])).Should().Equal(null, 0);

    [Fact]
    public void Class_numbers_do_not_count_as_names()
    {
        ClassMatch.Align(ClassLabels.Numbered(2), ClassLabels.Numbered(2)).Should().OnlyContain(pair => pair == null);
        ClassMatch.Align(new(["a", "b"]), ClassLabels.Numbered(2)).Should().OnlyContain(pair => pair == null);
    }

    [Fact]
    public void A_thousand_classes_match_a_thousand_and_one_with_a_background()
    {
        ClassLabels thousand = ClassLabels.Load(SharedData.Require("photos", "imagenet-1000-labels.txt"));
        ClassLabels more = ClassLabels.Load(SharedData.Require("photos", "imagenet-1001-labels.txt"));
        IReadOnlyList<int?> pairs = ClassMatch.Align(thousand, more);
        pairs.Should().Equal(Enumerable.Range(1, 1000).Select(i => (int?)i), "both list the classes in the same order");
    }

    [Fact]
    public void A_group_is_found_by_any_synonym_of_its_classes()
    {
        ClassGroups groups = ClassGroups.Parse("""{"dogs": ["beagle", "Collie"], "birds": ["cock"]}""");
        groups.Names.Should().Equal("dogs", "birds");
        groups.Classes.Should().BeEquivalentTo("beagle", "Collie", "cock");
        groups.Of("collie").Should().Be("dogs");
        groups.Of("rooster, cock").Should().Be("birds");
        groups.Of("cat").Should().BeNull();
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{\"dogs\": \"beagle\"}", "'dogs' is no array")]
    [InlineData("{\"dogs\": [1]}", "'dogs' is no array")]
    [InlineData("{\"dogs\": []}", "'dogs' has no classes")]
    [InlineData("{\"\": [\"a\"]}", "no name")]
    [InlineData("{\"a\": [\"x\"], \"b\": [\"X\"]}", "in the groups 'a' and 'b'")]
    [InlineData("{\n\"dogs\"", "not JSON (line 2)")]
    public void Invalid_group_files_are_refused(string json, string says) =>
        FluentActions.Invoking(() => ClassGroups.Parse(json))
            .Should().Throw<InvalidDataException>().WithMessage($"*{says}*");
}
