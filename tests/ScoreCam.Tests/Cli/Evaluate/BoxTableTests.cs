using FluentAssertions;
using ScoreCam.Cli;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Cli.Evaluate;

public class BoxTableTests
{
    private static readonly ClassLabels Birds =
        new(["background", "tench, Tinca tinca", "crane", "\"kite\", bird", "crane", "polecat, fitch",
        "ferret, polecat"]);

    [Theory]
    [InlineData("0", "tench", 1, "a background class moves the indices by one")]
    [InlineData("0", "TINCA tinca", 1, "any synonym, in any case")]
    [InlineData("1", "crane", 2, "the crane that is nearer to the index is chosen")]
    [InlineData("3", "crane", 4, "the crane that is nearer to the index is chosen")]
    [InlineData("4", "polecat", 5, "the polecat that is nearer to the index is chosen")]
    [InlineData("", "ferret", 6, "a name alone is enough")]
    [InlineData("5", "", 5, "an index without a name is an index of this network")]
    public void A_class_is_found_by_its_name(string index, string name, int expected, string because) =>
        new BoxRow("a.jpg", index, name, []).ClassOf(Birds).Should().Be(expected, because);

    [Fact]
    public void Without_labels_the_index_is_used() =>
        new BoxRow("a.jpg", "2", "crane", []).ClassOf(ClassLabels.Numbered(3)).Should().Be(2);

    [Theory]
    [InlineData("9", "")]
    [InlineData("2", "goose")]
    [InlineData("", "")]
    [InlineData("x", "")]
    public void An_undefined_class_is_refused(string index, string name) =>
        FluentActions.Invoking(() => new BoxRow("a.jpg", index, name, []).ClassOf(Birds)).Should()
            .Throw<ArgumentException>();

    [Fact]
    public void Quotes_and_any_column_order_are_read_and_bad_lines_are_reported()
    {
        using TemporaryFolder folder = new();
        BoxTable table = BoxTable.Load(
            folder.File("b.csv",
            "class_name,file,xmin,ymin,xmax,ymax,class_index,note\n\"sofa, "
            + "\"\"settee\"\"\",b\\c.jpg,1.5,2,3,4,7,\n\ncat,d.jpg,3,2,1,4,7\ncat,e.jpg,NaN,2,1,4,7\ncat\n"));
        table.Rows.Should().ContainSingle().Which.Should()
            .BeEquivalentTo(new BoxRow("b/c.jpg", "7", "sofa, \"settee\"", [1.5, 2, 3, 4]));
        table.Unreadable.Select(line => line.Name).Should().Equal("d.jpg", "e.jpg", "");
        table.Unreadable[0].Reason.Should().StartWith("line 4 ");
    }

    [Fact]
    public void A_file_of_more_than_256_MiB_is_refused_before_it_is_read()
    {
        using TemporaryFolder folder = new();
        using (FileStream sparse = File.Create(folder.File("b.csv")))
            sparse.SetLength((256 << 20) + 1);
        FluentActions.Invoking(() => BoxTable.Load(folder.File("b.csv"))).Should().Throw<InvalidDataException>()
            .WithMessage("*b.csv' has 268435457 bytes, more than the 268435456 allowed.");
    }

    [Fact]
    public void A_shard_contains_every_Nth_item()
    {
        int[] all = [.. Enumerable.Range(0, 7)];
        Shard.Parse("2/3").Of(all).Should().Equal(1, 4);
        Enumerable.Range(1, 3).SelectMany(i => new Shard(i, 3).Of(all)).Should().BeEquivalentTo(all);
        FluentActions.Invoking(() => Shard.Parse("1")).Should().Throw<UserException>();
    }
}
