using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.IO;

public class LabelFileTests
{
    [Theory]
    [InlineData("tench\ngoldfish, Carassius auratus")]
    [InlineData("tench\r\ngoldfish, Carassius auratus\r\n\r\n  \r\n")]
    [InlineData("0 tench\n1 goldfish, Carassius auratus\n")]
    [InlineData("1: goldfish, Carassius auratus\n0: tench")]
    [InlineData("0,tench\n1,goldfish, Carassius auratus")]
    [InlineData("0\ttench\n1\tgoldfish, Carassius auratus")]
    [InlineData("n01440764 tench\nn01443537 goldfish, Carassius auratus")]
    [InlineData("""["tench", "goldfish, Carassius auratus"]""")]
    [InlineData("""{"1":"goldfish, Carassius auratus","0":"tench"}""")]
    [InlineData("""{"0":["n01440764","tench"],"1":["n01443537","goldfish, Carassius auratus"]}""")]
    [InlineData("""{"model_type":"resnet","id2label":{"0":"tench","1":"goldfish, Carassius auratus"},"label2id":{"tench":0}}""")]
    public void Reads_every_form(string text)
    {
        ClassLabels labels = ClassLabels.Parse(text);
        new[] { labels[0], labels[1] }.Should().Equal("tench", "goldfish, Carassius auratus");
        labels.Count.Should().Be(2);
    }

    [Theory]
    [InlineData("0\n1\n2", "0")] // digits: names, not indices
    [InlineData("1 euro\n2 euro\n5 euro", "1 euro")]
    [InlineData("n01440764 tench\ngoldfish", "n01440764 tench")]
    [InlineData("7up\ncola", "7up")]
    [InlineData("0 tench\ngoldfish", "0 tench")]
    public void Takes_lines_as_they_are_where_not_all_have_an_index(string text, string first) => ClassLabels.Parse(text)[0].Should().Be(first);

    [Theory]
    [InlineData("", "no class names")]
    [InlineData(" \n ", "no class names")]
    [InlineData("tench\n\ngoldfish", "line 2 is empty")]
    [InlineData("0 tench\n1 goldfish\n3 ray", "3 classes are named, up to class 3, but class 2 is missing")]
    [InlineData("0 tench\n1 goldfish\n1 ray", "class 1 stands twice, as 'goldfish' and as 'ray'")]
    [InlineData("""{"0":"tench","00":"ray"}""", "class 0 stands twice")]
    [InlineData("""{"1":"tench"}""", "class 0 is missing")]
    [InlineData("""{"2000000000":"tench"}""", "class 0 is missing")]
    [InlineData("""{"-1":"tench"}""", "'-1' is not a class index")]
    [InlineData("""{"tench":"0"}""", "'tench' is not a class index")]
    [InlineData("""{"0":5}""", "the name of class 0 is not a string")]
    [InlineData("""["a",null]""", "the name of class 1 is not a string")]
    [InlineData("[]", "no class names")]
    [InlineData("{}", "no class names")]
    [InlineData("""{"id2label":7}""", "not a Number")]
    [InlineData("[\"a\",\n", "not valid JSON (line")]
    public void Refuses_what_is_not_a_list_of_names(string text, string says) =>
        FluentActions.Invoking(() => ClassLabels.Parse(text)).Should().Throw<InvalidDataException>().WithMessage($"*{says}*");

    [Fact]
    public void Says_which_file_is_wrong()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("labels.txt", "a\n\nb");
        FluentActions.Invoking(() => ClassLabels.Load(path)).Should().Throw<InvalidDataException>().WithMessage($"'{path}' does not hold class names: line 2 is empty*");
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("none.txt"))).Should().Throw<FileNotFoundException>();
        FluentActions.Invoking(() => ClassLabels.Load(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Refuses_bytes_that_are_not_text_and_files_that_are_too_large()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("binary"), [0x61, 0xff, 0xfe, 0x80]);
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("binary"))).Should().Throw<InvalidDataException>().WithMessage("*UTF-8*");
        using (FileStream large = File.Create(folder.File("large")))
            large.SetLength((16 << 20) + 1);
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("large"))).Should().Throw<InvalidDataException>().WithMessage("*16777217 bytes, more than the 16777216 allowed*");
    }

    [Theory]
    [InlineData("""["\ud800"]""")]
    [InlineData("""{"0": "\udc00\ud800"}""")]
    [InlineData("""{"\ud800": "a"}""")]
    public void Halves_of_characters_are_refused(string json) =>
        FluentActions.Invoking(() => ClassLabels.Parse(json)).Should().Throw<InvalidDataException>().WithMessage("*not valid Unicode*");

    [Fact]
    public void A_text_with_half_a_character_is_refused_as_JSON_too() =>
        FluentActions.Invoking(() => ClassLabels.Parse("[\"\ud800\"]")).Should().Throw<InvalidDataException>().WithMessage("*not valid Unicode*");

    [Fact]
    public void A_byte_order_mark_is_not_part_of_the_first_name()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("labels.txt"), [0xef, 0xbb, 0xbf, .. "tench\nray"u8]);
        ClassLabels.Load(folder.File("labels.txt"))[0].Should().Be("tench");
    }

    [Fact]
    public void A_config_without_labels_has_none()
    {
        using TemporaryFolder folder = new();
        LabelFile.FindInConfig(folder.File("a.json", """{"model_type":"resnet"}""")).Should().BeNull();
        LabelFile.FindInConfig(folder.File("b.json", """{"id2label":{"0":"tench"}}"""))![0].Should().Be("tench");
    }
}
