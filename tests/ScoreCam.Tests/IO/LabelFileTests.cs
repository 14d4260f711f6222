using System.Text;
using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.IO;

public class LabelFileTests
{
    private const string Tench = "tench", Goldfish = "goldfish, Carassius auratus";

    [Theory]
    [InlineData("tench\ngoldfish, Carassius auratus")]
    [InlineData("tench\r\ngoldfish, Carassius auratus\r\n\r\n  \r\n")]
    [InlineData("0 tench\n1 goldfish, Carassius auratus\n")]
    [InlineData("1: goldfish, Carassius auratus\n0: tench")]
    [InlineData("0,tench\n1,goldfish, Carassius auratus")]
    [InlineData("0,tench\n1,\"goldfish, Carassius auratus\"")]
    [InlineData("0\ttench\n1\tgoldfish, Carassius auratus")]
    [InlineData("index,name\n0,tench\n1,goldfish, Carassius auratus")]
    [InlineData("class_id;label\r\n0;tench\r\n1;goldfish, Carassius auratus\r\n")]
    [InlineData("name,index\ntench,0\n\"goldfish, Carassius auratus\",1")]
    [InlineData("tench 0\ngoldfish, Carassius auratus 1")]
    [InlineData("goldfish, Carassius auratus\t1\ntench\t0")]
    [InlineData("n01440764 tench\nn01443537 goldfish, Carassius auratus")]
    [InlineData("wnid\tname\nn01440764\ttench\nn01443537\tgoldfish, Carassius auratus")]
    [InlineData("0 n01440764 tench\n1 n01443537 goldfish, Carassius auratus")]
    public void Reads_lines(string text) => LabelFile.Parse(text, "x").Should().Equal(Tench, Goldfish);

    [Theory]
    [InlineData("""["tench", "goldfish, Carassius auratus"]""")]
    [InlineData("""{"1":"goldfish, Carassius auratus","0":"tench"}""")]
    [InlineData("""{"goldfish, Carassius auratus":1,"tench":0}""")]
    [InlineData("""{"0":["n01440764","tench"],"1":["n01443537","goldfish, Carassius auratus"]}""")]
    [InlineData("""{"model_type":"resnet","id2label":{"0":"tench","1":"goldfish, Carassius auratus"},"label2id":{}}""")]
    [InlineData("""{"labels":["tench","goldfish, Carassius auratus"],"imageSize":224}""")] // Teachable Machine
    [InlineData("""{"class_to_idx":{"goldfish, Carassius auratus":1,"tench":0}}""")]
    [InlineData("""
        {"architecture":"resnet50","label_names":["n01440764","n01443537"],
         "label_descriptions":{"n01440764":"tench","n01443537":"goldfish, Carassius auratus"}}
        """)] // timm
    public void Reads_JSON(string text) => LabelFile.Parse(text, "x").Should().Equal(Tench, Goldfish);

    [Theory]
    [InlineData("{0: 'tench', 1: 'goldfish, Carassius auratus'}")]
    [InlineData("{0: 'tench',\n 1: 'goldfish, Carassius auratus'\n}\n")]
    [InlineData("['tench', \"goldfish, Carassius auratus\"]")]
    [InlineData("{'goldfish, Carassius auratus': 1, 'tench': 0}")]
    [InlineData("{0: ('n01440764', 'tench'), 1: ('n01443537', 'goldfish, Carassius auratus')}")]
    [InlineData("[('n01440764', 'tench'), ('n01443537', 'goldfish, Carassius auratus')]")]
    public void Reads_what_Python_prints(string text) => LabelFile.Parse(text, "x").Should().Equal(Tench, Goldfish);

    [Theory]
    [InlineData("names:\n  0: tench\n  1: goldfish, Carassius auratus\n")]
    [InlineData("# data set\npath: ../data\ntrain: a\n\nnames:\n  - tench\n  - goldfish, Carassius auratus\nnc: 2\n")]
    [InlineData("names:\r\n- tench # a fish\r\n- 'goldfish, Carassius auratus'\r\n")]
    [InlineData("nc: 2\nnames: [tench, 'goldfish, Carassius auratus']")]
    [InlineData("names: ['tench',\n        \"goldfish, Carassius auratus\"] # two")]
    [InlineData("names: {1: \"goldfish, Carassius auratus\", 0: tench}")]
    [InlineData("---\n- tench\n- goldfish, Carassius auratus\n")]
    public void Reads_YAML(string text) => LabelFile.Parse(text, "x").Should().Equal(Tench, Goldfish);

    [Fact]
    public void YAML_quotes_are_removed() =>
        LabelFile.Parse("names: ['it''s', \"say \\\"a\\\"\", don't, C#]", "x")
            .Should().Equal("it's", "say \"a\"", "don't", "C#");

    [Theory]
    [InlineData("0\n1\n2", "0")] // digits: names, not indices
    [InlineData("1 euro\n2 euro\n5 euro", "1 euro")]
    [InlineData("class 0\nclass 1\nclass 2", "class 0")]
    [InlineData("Boeing 707\nBoeing 747", "Boeing 707")]
    [InlineData("Model 1\nType 2\nKind 3", "Model 1")]
    [InlineData("n01440764 tench\ngoldfish", "n01440764 tench")]
    [InlineData("7up\ncola", "7up")]
    [InlineData("7up\n0 cola\n1 tea", "7up")] // not a header
    [InlineData("0 tench\ngoldfish", "0 tench")]
    public void Numbers_stay_part_of_the_names_unless_every_line_has_an_index(string text, string first) =>
        LabelFile.Parse(text, "x")[0].Should().Be(first);

    [Theory]
    [InlineData("", "no class names")]
    [InlineData(" \n ", "no class names")]
    [InlineData("tench\n\ngoldfish", "line 2 is empty")]
    [InlineData("0 tench\n1 goldfish\n3 ray", "3 classes are named, up to class 3, but class 2 is missing")]
    [InlineData("0 tench\n1 goldfish\n1 ray", "class 1 occurs twice, as 'goldfish' and as 'ray'")]
    [InlineData("""{"0":"tench","00":"ray"}""", "class 0 occurs twice")]
    [InlineData("""{"1":"tench"}""", "class 0 is missing")]
    [InlineData("""{"2000000000":"tench"}""", "class 0 is missing")]
    [InlineData("""{"-1":"tench"}""", "'-1' is not a class index")]
    [InlineData("""{"tench":"0"}""", "'tench' is not a class index")]
    [InlineData("""{"tench":0, "ray":0.5}""", "'0.5' is not a class index")]
    [InlineData("""{"tench":0, "ray":0}""", "class 0 occurs twice, as 'tench' and as 'ray'")]
    [InlineData("""{"0":true}""", "the name of class 0 is not a string")]
    [InlineData("""["a",null]""", "the name of class 1 is not a string")]
    [InlineData("[]", "no class names")]
    [InlineData("{}", "no class names")]
    [InlineData("""{"id2label":7}""", "up to class 7, but class 0 is missing")]
    [InlineData("[\"a\",\n", "not valid JSON (line")]
    [InlineData("{0: 'tench'", "',' or '}' is expected at character 12")]
    [InlineData("names: classes.txt", "\"names\" is classes.txt; a list or a map")]
    [InlineData("names: [tench", "']' is missing")]
    [InlineData("names:\n  tench\n", "'tench' is no class name; \"0: name\" or \"- name\" is expected")]
    [InlineData("names:\n  0: tench\n  2: ray\n", "class 1 is missing")]
    [InlineData("<!DOCTYPE html>\n<html>", "an HTML page; download the raw file")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "a Git LFS pointer")]
    [InlineData("item {\n  id: 1\n  name: 'tench'\n}", "a TensorFlow label map")]
    [InlineData("t\0e\0", "UTF-16 text without a byte order mark")]
    public void Other_text_is_refused_with_the_reason(string text, string says) =>
        FluentActions.Invoking(() => LabelFile.Parse(text, "x"))
            .Should().Throw<InvalidDataException>().WithMessage($"x does not hold class names: *{says}*");

    [Fact]
    public void Errors_name_the_file()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("labels.txt", "a\n\nb");
        FluentActions.Invoking(() => ClassLabels.Load(path)).Should().Throw<InvalidDataException>()
            .WithMessage($"'{path}' does not hold class names: line 2 is empty*");
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("none.txt"))).Should().Throw<FileNotFoundException>();
        FluentActions.Invoking(() => ClassLabels.Load(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Label_files_of_the_data_folder_are_read()
    {
        string[] shapes = ["circle", "square", "triangle", "cross", "ring"];
        foreach (string name in (string[])["labels_pydict.txt", "labels_class_to_idx.json"])
        {
            ClassLabels labels = ClassLabels.Load(SharedData.Require("field", name));
            Enumerable.Range(0, labels.Count).Select(i => labels[i]).Should().Equal(shapes);
        }
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("binary"), [0x61, 0xff, 0xfe, 0x80]);
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("binary")))
            .Should().Throw<InvalidDataException>().WithMessage("*'* is not UTF-8 text*");
        File.WriteAllBytes(folder.File("odd"), [0xff, 0xfe, 0x61]);
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("odd")))
            .Should().Throw<InvalidDataException>().WithMessage("*'* is not UTF-16 text*");
    }

    [Fact]
    public void A_file_above_the_limit_is_refused()
    {
        using TemporaryFolder folder = new();
        using (FileStream large = File.Create(folder.File("large")))
            large.SetLength((16 << 20) + 1);
        FluentActions.Invoking(() => ClassLabels.Load(folder.File("large")))
            .Should().Throw<InvalidDataException>().WithMessage("*16777217 bytes, more than the 16777216 allowed*");
    }

    [Theory]
    [InlineData("""["\ud800"]""")]
    [InlineData("""{"0": "\udc00\ud800"}""")]
    [InlineData("""{"\ud800": "a"}""")]
    [InlineData("['\\ud800']")]
    public void Unpaired_surrogates_are_refused(string text) =>
        FluentActions.Invoking(() => LabelFile.Parse(text, "x"))
            .Should().Throw<InvalidDataException>().WithMessage("*not valid Unicode*");

    [Fact]
    public void A_JSON_text_with_an_unpaired_surrogate_is_refused() =>
        FluentActions.Invoking(() => LabelFile.Parse("[\"\ud800\"]", "x"))
            .Should().Throw<InvalidDataException>().WithMessage("*not valid Unicode*");

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void A_byte_order_mark_gives_the_encoding(string name)
    {
        using TemporaryFolder folder = new();
        Encoding encoding = Encoding.GetEncoding(name);
        File.WriteAllBytes(folder.File("a"), [.. encoding.GetPreamble(), .. encoding.GetBytes("Schläfer\nrägnbåge")]);
        ClassLabels labels = ClassLabels.Load(folder.File("a"));
        new[] { labels[0], labels[1] }.Should().Equal("Schläfer", "rägnbåge");
    }

    [Theory]
    [InlineData("""{"model_type":"resnet"}""", null)]
    [InlineData("""{"id2label":{"0":"tench"}}""", "tench")]
    [InlineData("""{"architecture":"resnet50","label_names":["tench"]}""", "tench")]
    [InlineData("""{"label_names":{"0":"n01440764"},"label_descriptions":{"n01440764":"tench"}}""", "tench")]
    [InlineData("""{"labels":["tench"]}""", null)] // another use of the word
    public void Names_are_found_in_a_configuration(string json, string? first)
    {
        string[]? names = LabelFile.FindInConfig(json, "config.json");
        names?[0].Should().Be(first);
        (names is null).Should().Be(first is null);
    }
}
