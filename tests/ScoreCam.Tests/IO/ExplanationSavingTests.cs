using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.IO;

public class ExplanationSavingTests
{
    // Floats that a careless text form would change.
    private static readonly float[] Awkward =
    [
        0.1f, float.Epsilon, float.MaxValue, -1 / 3f, -0f, 16777217f, float.NaN, float.PositiveInfinity,
        float.NegativeInfinity, 1e-38f,
    ];

    [Fact]
    public void A_loaded_explanation_equals_the_saved_one_in_every_property()
    {
        using TemporaryFolder folder = new();
        Explanation saved = Sample();
        saved.Save(folder.File("why.json"));
        var loaded = Explanation.Load(folder.File("why.json")).Should().BeOfType<Explanation>().Subject;

        ExplanationEquality.AssertEqual(saved, loaded, nameof(Explanation), allGiven: true);
        loaded.Picture.Should().BeNull();
        loaded.Layers[0].Map.Should().BeSameAs(loaded.Map, "the map is written only once");

        using MemoryStream first = new(), again = new();
        saved.Save(first);
        loaded.Save(again);
        again.ToArray().Should().Equal(first.ToArray());
    }

    [Fact]
    public void An_explanation_of_another_method_is_loaded_unchanged()
    {
        Explanation saved = new()
        {
            Method = "random",
            TargetName = "cat − dog",
            Map = new(2, 1, [0, 1]),
            RawMap = new(2, 1, [3, 4]),
            Mapping = PictureMapping.Identity(2, 1),
            ModelSha256 = "ab",
        };
        using MemoryStream stream = new();
        saved.Save(stream);
        stream.Position = 0;
        Explanation loaded = Explanation.Load(stream);
        loaded.Should().BeOfType<Explanation>();
        (loaded.ClassIndex, loaded.Logit, loaded.Probability, loaded.TargetName, loaded.Version)
            .Should().Be((null, null, null, "cat − dog", saved.Version));
        loaded.RawMap.Values.ToArray().Should().Equal(3, 4);
    }

    [Fact]
    public void A_loaded_explanation_draws_on_the_picture_it_is_given()
    {
        RgbImage picture = new(3, 2, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 14))]);
        Explanation saved = new()
        {
            Method = "m",
            TargetName = "t",
            Map = new(3, 2, [0, 0.2f, 0.4f, 0.6f, 0.8f, 1]),
            RawMap = new(1, 1, [0]),
            Mapping = PictureMapping.Identity(3, 2),
            ModelSha256 = "",
            Picture = picture,
        };
        Explanation loaded = Load(saved);
        loaded.Overlay(picture).Pixels.ToArray().Should().Equal(saved.Overlay().Pixels.ToArray());
        FluentActions.Invoking(() => loaded.Overlay())
            .Should().Throw<InvalidOperationException>().WithMessage("*Overlay(picture)*");
        FluentActions.Invoking(() => loaded.Overlay(new RgbImage(1, 1, [0, 0, 0])))
            .Should().Throw<ArgumentException>().WithMessage("*1 × 1*3 × 2*");
    }

    [Fact]
    public void A_byte_order_mark_before_the_JSON_is_ignored()
    {
        using MemoryStream saved = new(), again = new();
        Sample().Save(saved);
        Explanation.Load(new MemoryStream([0xEF, 0xBB, 0xBF, .. saved.ToArray()])).Save(again);
        again.ToArray().Should().Equal(saved.ToArray());
    }

    [Theory]
    [InlineData("format", "\"other\"", "\"format\" is not \"scorecam-explanation\"")]
    [InlineData("formatVersion", "2", "\"formatVersion\" is 2")]
    [InlineData("method", null, "\"method\" is missing")]
    [InlineData("target", "7", "\"target\" is 7, but a string")]
    [InlineData("classIndex", "-1", "\"classIndex\" is -1, but 0 or more")]
    [InlineData("logit", "\"high\"", "\"logit\" is \"high\", but a number")]
    [InlineData("logit", "1e300", "\"logit\" is 1e300")]
    [InlineData("isSigned", "1", "\"isSigned\" is 1, but true or false")]
    [InlineData("elapsed", "\"soon\"", "\"elapsed\" is no time")]
    [InlineData("warnings", "[1]", "\"warnings[0]\" is 1, but a string")]
    [InlineData("map", "[]", "map is a JSON Array, but an object")]
    [InlineData(
        "map",
        """{"width":100000,"height":100000,"values":[1]}""",
        "map: \"values\" is a list of 1 numbers, but 10000000000")]
    [InlineData("map", """{"width":2147483647,"height":2147483647,"values":[]}""", "map: \"values\"")]
    [InlineData("map", """{"width":0,"height":1,"values":[]}""", "map: \"width\" is 0")]
    [InlineData("map", """{"width":1,"height":1,"values":[true]}""", "map: \"values[0]\" is true")]
    [InlineData("map", """{"width":1,"height":1,"values":5}""", "map: \"values\" is 5, but a list")]
    [InlineData("mapping", """{"pictureWidth":2}""", "mapping: \"pictureHeight\" is missing")]
    [InlineData("combination", "\"Fast\"", "\"combination\" is 'Fast'; known are Mean, Maximum, Product")]
    [InlineData("combination", "\"1\"", "\"combination\" is '1'")]
    [InlineData("passes", "-1", "\"passes\" is -1, but 0 or more")]
    [InlineData(
        "mapping",
        """{"pictureWidth":2147483647,"pictureHeight":2147483647,"inputWidth":1,"inputHeight":1}""",
        "no picture is as large")]
    [InlineData("layers", "[{}]", "layers[0]: \"name\" is missing")]
    [InlineData("layers", "{}", "\"layers\" is {}, but a list")]
    public void A_wrong_field_is_named(string field, string? value, string says)
    {
        using MemoryStream stream = new();
        Sample().Save(stream);
        JsonObject json = JsonNode.Parse(stream.ToArray())!.AsObject();
        json.Remove(field);
        if (value is not null)
            json.Add(field, JsonNode.Parse(value));
        FluentActions.Invoking(() => Explanation.Load(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString()))))
            .Should().Throw<InvalidDataException>().WithMessage($"The stream*{says}*");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\u0000\u0001")]
    [InlineData("""{"format":"\ud800"}""")]
    [InlineData("""{"\udc00":1,"format":"scorecam-explanation"}""")]
    [InlineData("""{"format":["\udc00"]}""")]
    public void A_file_that_is_not_an_explanation_is_refused(string text)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("why.json", text);
        FluentActions.Invoking(() => Explanation.Load(path))
            .Should().Throw<InvalidDataException>().WithMessage($"'{path}'*");
    }

    [Fact]
    public void Truncated_and_too_deeply_nested_files_give_InvalidDataException()
    {
        using MemoryStream stream = new();
        Sample().Save(stream);
        byte[] whole = stream.ToArray();
        for (int length = 0; length < whole.Length; length += 41)
            FluentActions.Invoking(() => Explanation.Load(new MemoryStream(whole, 0, length)))
                .Should().Throw<InvalidDataException>();
        byte[] nested = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"map\":", 100_000)));
        FluentActions.Invoking(() => Explanation.Load(new MemoryStream(nested))).Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void Channels_that_are_not_numbers_are_refused()
    {
        using MemoryStream stream = new();
        Sample().Save(stream);
        string json = Encoding.UTF8.GetString(stream.ToArray());
        string broken = Regex.Replace(json, "\"predictedChannels\":\\[[^\\]]*\\]", "\"predictedChannels\":[\"x\"]");
        broken.Should().NotBe(json);
        FluentActions.Invoking(() => Explanation.Load(new MemoryStream(Encoding.UTF8.GetBytes(broken))))
            .Should().Throw<InvalidDataException>().WithMessage("*predictedChannels[0]*no channel*");
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_in_texts_and_in_fields_of_another_type()
    {
        string[] invalid =
        [
            """{"format":"X"}""", """{"format":["X"]}""", """{"format":"scorecam-explanation","formatVersion":"X"}""",
        ];
        foreach (string json in invalid)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            bytes[Array.IndexOf(bytes, (byte)'X')] = 0xff;
            FluentActions.Invoking(() => Explanation.Load(new MemoryStream(bytes)))
                .Should().Throw<InvalidDataException>().WithMessage("The stream*Unicode*");
        }
    }

    private static Explanation Load(Explanation saved)
    {
        using MemoryStream stream = new();
        saved.Save(stream);
        stream.Position = 0;
        return Explanation.Load(stream);
    }

    private static Explanation Sample()
    {
        SaliencyMap map = new(5, 2, Awkward), raw = new(2, 2, [1.5f, -2, 3, 1e-20f]);
        return new()
        {
            Method = "Score-CAM (Official)",
            TargetName = "tench, \"Tinca\" 日本 😀 <&>",
            ClassIndex = 7,
            Logit = 12.345679f,
            Probability = 0.1f,
            IsSigned = true,
            Map = map,
            RawMap = raw,
            Picture = new(1, 1, [1, 2, 3]),
            Mapping = new()
            {
                PictureWidth = 640,
                PictureHeight = 481,
                InputWidth = 224,
                InputHeight = 225,
                ScaleX = 1 / 3.0,
                ScaleY = 0.4667,
                OffsetX = -16,
                OffsetY = 1e-9,
            },
            Warnings = ["first", "second"],
            Elapsed = TimeSpan.FromTicks(12_345_678),
            ModelSha256 = "00ff",
            Version = "9.8.7-test",
            Combination = LayerCombination.Product,
            Passes = 8,
            GradientPasses = 5,
            CompletenessError = 0.125f,
            Losses = [2, 1.5f],
            Layers = [Layer("a", 3, map, raw), Layer("b", 2, new(1, 1, [0.25f]), new(1, 2, [5, 6]))],
        };
    }

    private static LayerEvidence Layer(string name, int channels, SaliencyMap map, SaliencyMap raw) => new()
    {
        Layer = new()
        {
            Name = name,
            NodeName = "node " + name,
            OpType = "Relu",
            Channels = channels,
            Height = 13,
            Width = 14,
            Layout = FeatureLayout.Tokens,
            PrefixTokens = 1,
        },
        Map = map,
        RawMap = raw,
        ChannelScores = [.. Awkward.Reverse().Take(channels)],
        ChannelWeights = [.. Awkward.Take(channels)],
        DeadChannels = 1,
        Passes = 4,
        GradientPasses = 2,
        PredictedChannels = [1],
        EstimatedError = 0.0625f,
        Elapsed = TimeSpan.FromMilliseconds(3.25),
        Warnings = ["of the layer"],
    };
}
