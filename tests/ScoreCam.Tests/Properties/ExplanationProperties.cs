using System.Text;
using CsCheck;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Tests.IO;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Any explanation is loaded from its file equal in every property, and is then saved as the same bytes.
/// </summary>
public class ExplanationProperties
{
    private static readonly Gen<string> Text = Texts.Of(0, 12);

    // JSON has one NaN.
    private static readonly Gen<float> Number =
        Gen.UInt.Uniform.Select(BitConverter.UInt32BitsToSingle)
        .Select(value => float.IsNaN(value) ? float.NaN : value);

    private static readonly Gen<double> Place = Gen.Double[-1e30, 1e30];

    private static readonly Gen<SaliencyMap> Map = Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5]).SelectMany(
        (width, height) => Number.Array[width * height].Select(values => new SaliencyMap(width, height, values)));

    private static readonly Gen<PictureMapping> Mapping =
        Gen.Select(Gen.Int[1, 20_000], Gen.Int[1, 20_000], Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue], Place,
        Place, Place, Place, (width, height, inputWidth, inputHeight, a, b, c, d) =>
        new PictureMapping
        {
            PictureWidth = width,
            PictureHeight = height,
            InputWidth = inputWidth,
            InputHeight = inputHeight,
            ScaleX = a,
            ScaleY = b,
            OffsetX = c,
            OffsetY = d
        });

    private static readonly Gen<Explanation> Plain = Gen.Select(
        Gen.Select(Text, Text, Text, Text), Gen.Int[0, int.MaxValue].Nullable(), Number.Nullable(), Number.Nullable(),
        Gen.Bool, Gen.Select(Map, Map, Mapping), Text.Array[0, 3], Gen.TimeSpan,
        (texts, index, logit, probability, signed, maps, warnings, elapsed) => new Explanation
        {
            Method = texts.Item1,
            TargetName = texts.Item2,
            ModelSha256 = texts.Item3,
            Version = texts.Item4,
            ClassIndex = index,
            Logit = logit,
            Probability = probability,
            IsSigned = signed,
            Map = maps.Item1,
            RawMap = maps.Item2,
            Mapping = maps.Item3,
            Warnings = warnings,
            Elapsed = elapsed,
        });

    private static readonly Gen<LayerEvidence> Layer = Gen.Select(
        Gen.Select(Text, Text, Text), Gen.Select(Number, Number, Gen.Bool).Array[0, 6], Gen.Select(Map, Map),
        Number.Nullable(), Gen.Select(Gen.Int[0, 99], Gen.Int[0, int.MaxValue]), Text.Array[0, 2], Gen.TimeSpan,
        (texts, channels, maps, error, counts, warnings, elapsed) => new LayerEvidence
        {
            Layer = new LayerInfo
            {
                Name = texts.Item1,
                NodeName = texts.Item2,
                OpType = texts.Item3,
                Channels = channels.Length,
                Height = counts.Item1,
                Width = counts.Item2
            },
            Map = maps.Item1,
            RawMap = maps.Item2,
            ChannelScores = [.. channels.Select(channel => channel.Item1)],
            ChannelWeights = [.. channels.Select(channel => channel.Item2)],
            PredictedChannels = [.. Enumerable.Range(0, channels.Length).Where(i => channels[i].Item3)],
            DeadChannels = counts.Item1,
            Passes = counts.Item1 + 1,
            EstimatedError = error,
            Warnings = warnings,
            Elapsed = elapsed,
        });

    private static readonly Gen<Explanation> ByScoreCam = Gen.Select(
        Plain, Gen.Enum<LayerCombination>(), Layer.Array[0, 3], Gen.Bool, (plain, combination, layers, shared) =>
            new Explanation
            {
                Method = plain.Method,
                TargetName = plain.TargetName,
                ModelSha256 = plain.ModelSha256,
                Map = shared && layers.Length > 0 ? layers[0].Map : plain.Map,
                RawMap = shared && layers.Length > 0 ? layers[0].RawMap : plain.RawMap,
                Mapping = plain.Mapping,
                Combination = combination,
                Passes = layers.Sum(layer => layer.Passes),
                GradientPasses = layers.Length,
                Layers = layers,
            });

    [Fact]
    public void A_loaded_explanation_equals_the_saved_one() => Plain.Sample(ComesBack, print: Printed);

    [Fact]
    public void A_loaded_explanation_by_Score_CAM_equals_the_saved_one_with_its_layers() =>
        ByScoreCam.Sample(ComesBack, print: Printed);

    private static string Printed(Explanation explanation)
    {
        using MemoryStream json = new();
        explanation.Save(json);
        return Encoding.UTF8.GetString(json.ToArray());
    }

    private static void ComesBack(Explanation saved)
    {
        using MemoryStream first = new(), again = new();
        saved.Save(first);
        first.Position = 0;
        Explanation loaded = Explanation.Load(first);
        loaded.GetType().Should().Be(saved.GetType());
        ExplanationEquality.AssertEqual(saved, loaded, saved.GetType().Name);
        loaded.Save(again);
        again.ToArray().AsSpan().SequenceEqual(first.ToArray()).Should().BeTrue();
    }
}
