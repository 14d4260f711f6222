using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.IO;

public class MetadataLabelsTests
{
    [Theory]
    [InlineData("{0: 'tench', 1: 'goldfish'}", "tench", "goldfish")]
    [InlineData("{1: 'goldfish', 0: 'tench',}", "tench", "goldfish")]
    [InlineData("""{0: "jeweler's loupe", 1: 'say "cheese"'}""", "jeweler's loupe", "say \"cheese\"")]
    [InlineData("""{0: 'it\'s', 1: 'a\\b\tc\x41\u00e9\U0001f600'}""", "it's", "a\\b\tcAé😀")]
    [InlineData("{0: 'a, b: {c}', 1: '\\q'}", "a, b: {c}", "\\q")]
    [InlineData("{'0': 'tench', \"1\": 'goldfish'}", "tench", "goldfish")]
    [InlineData(" [ 'tench' , 'goldfish' ] ", "tench", "goldfish")]
    [InlineData("""{"0": "tench", "1": "\u00e9\ud83d\ude00"}""", "tench", "é😀")]
    [InlineData("""["tench", "goldfish"]""", "tench", "goldfish")]
    [InlineData("""{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}""", "tench", "goldfish")]
    public void Reads_names_as_exporters_print_them(string text, string first, string second)
    {
        Dictionary<string, string> metadata = new() { ["names"] = text };
        LabelFile.FindInMetadata(metadata, "m").Should().Equal(first, second);
    }

    [Theory]
    [InlineData("{0: 'tench'", "',' or '}' is expected at character 12")]
    [InlineData("{0: 'tench", "closing ' of a name")]
    [InlineData("{0 'tench'}", "':' is expected at character 4")]
    [InlineData("{0: tench}", "a name in quotes is expected at character 5")]
    [InlineData("{a: 'tench'}", "the index of a class is expected at character 2")]
    [InlineData("{0: 'tench'} x", "the end is expected at character 14")]
    [InlineData("{0: 'a', 2: 'b'}", "class 1 is missing")]
    [InlineData("{0: 'a', 0: 'b'}", "class 0 occurs twice")]
    [InlineData("{99999999999: 'a'}", "'99999999999' is not a class index")]
    [InlineData("{0: '\\xZZ'}", "hexadecimal digits")]
    [InlineData("{0: '\\U00110000'}", "hexadecimal digits")]
    [InlineData("{0: '\\", "an escaped character")]
    [InlineData("{}", "no class names")]
    [InlineData("{0: {1: 'a'}}", "the name of class 0 is not a string")]
    public void Errors_give_the_position_in_the_text(string text, string says) =>
        FluentActions.Invoking(() => LabelFile.FindInMetadata(new Dictionary<string, string> { ["names"] = text }, "m"))
            .Should().Throw<InvalidDataException>().WithMessage($"*\"names\" of 'm'*{says}*");

    [Fact]
    public void Other_metadata_contains_no_names()
    {
        LabelFile.FindInMetadata(new Dictionary<string, string>(), "m").Should().BeNull();
        LabelFile.FindInMetadata(new Dictionary<string, string> { ["names"] = "resnet" }, "m").Should().BeNull();
    }

    [Fact]
    public void A_model_takes_the_names_of_its_metadata_unless_others_are_given()
    {
        using (ImageModel model = ImageModel.Load(Model("{0: 'cat', 1: 'dog', 2: 'owl'}")))
            model.Classes[2].Should().Be("owl");
        ModelOptions options = new() { Labels = new(["a", "b", "c"]) };
        using (ImageModel model = ImageModel.Load(Model("{0: 'cat', 1: 'dog', 2: 'owl'}"), options))
            model.Classes[2].Should().Be("c");
        using (ImageModel model = ImageModel.Load(Model("free text")))
            model.Classes[2].Should().Be("class 2");
        FluentActions.Invoking(() => ImageModel.Load(Model("{0: 'cat', 1: 'dog'}")))
            .Should().Throw<InvalidDataException>().WithMessage("*2 classes*has 3*ModelOptions.Labels*");
    }

    [Fact]
    public void A_sidecar_takes_precedence_over_the_metadata()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("model.onnx"), Model("{0: 'cat', 1: 'dog', 2: 'owl'}"));
        folder.File("config.json", """{"id2label":{"0":"x","1":"y","2":"z"}}""");
        using ImageModel model = ImageModel.Load(folder.Path);
        model.Classes[2].Should().Be("z");
    }

    private static byte[] Model(string names)
    {
        TinyModel model = new TinyModel().Input("image", 1, 3, 8, 8).Conv("conv", 4).Relu("relu")
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 3).Output();
        model.Model.MetadataProps.Add(new StringStringEntryProto { Key = "names", Value = names });
        return model.ToBytes();
    }
}
