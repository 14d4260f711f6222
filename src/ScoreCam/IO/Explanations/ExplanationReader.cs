using System.Text;
using System.Text.Json;
using ScoreCam.Images;

namespace ScoreCam.IO.Explanations;

/// <summary>
/// Reads the JSON that <see cref="ExplanationWriter"/> wrote. Every error names the field. Memory is allocated only for
/// values that the text contains.
/// </summary>
internal static class ExplanationReader
{
    public const string Format = "scorecam-explanation";
    public const int FormatVersion = 1;

    public const int UsualMaxBytes = 256 << 20;

    /// <exception cref="InvalidDataException">
    /// The text is not an explanation. The message names the source and the field.
    /// </exception>
    public static Explanation Read(Stream stream, string source, int maxBytes)
    {
        ReadOnlyMemory<byte> bytes = LimitedReader.ReadBytes(stream, maxBytes, nameof(maxBytes), source);
        try
        {
            if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
                bytes = bytes[Encoding.UTF8.Preamble.Length..];
            using JsonDocument json = JsonDocument.Parse(bytes);
            return Read(new SavedFields(json.RootElement, source));
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{source} holds text that is not valid Unicode.", e);
        }
        catch (JsonException e)
        {
            string place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw new InvalidDataException($"{source} is not valid JSON ({place}).", e);
        }
    }

    private static Explanation Read(SavedFields fields)
    {
        if (fields.Text("format") != Format)
            throw fields.Error("format", $"not \"{Format}\", so this is no saved explanation");
        if (fields.RequiredInteger("formatVersion") is var version and not FormatVersion)
            throw fields.Error("formatVersion", $"{version}, but this version of ScoreCam reads {FormatVersion}");

        SaliencyMap map = fields.Map("map"), raw = fields.Map("rawMap");
        return new()
        {
            Method = fields.RequiredText("method"),
            TargetName = fields.RequiredText("target"),
            ClassIndex = fields.OptionalInteger("classIndex"),
            Logit = fields.OptionalFloat("logit"),
            Probability = fields.OptionalFloat("probability"),
            IsSigned = fields.Flag("isSigned", false),
            Map = map,
            RawMap = raw,
            Layers = [.. fields.Objects("layers").Select(layer => ReadLayer(layer, map, raw))],
            Combination = fields.Name<LayerCombination>("combination"),
            Passes = fields.RequiredInteger("passes"),
            GradientPasses = fields.RequiredInteger("gradientPasses"),
            CompletenessError = fields.OptionalFloat("completenessError"),
            Losses = fields.Has("losses") ? fields.Floats("losses") : [],
            Mapping = ReadMapping(fields.Object("mapping")),
            Warnings = fields.Texts("warnings"),
            Elapsed = fields.Time("elapsed"),
            ModelSha256 = fields.RequiredText("modelSha256"),
            Version = fields.RequiredText("version"),
        };
    }

    private static LayerEvidence ReadLayer(SavedFields fields, SaliencyMap map, SaliencyMap raw)
    {
        LayerInfo layer = new()
        {
            Name = fields.RequiredText("name"),
            NodeName = fields.RequiredText("nodeName"),
            OpType = fields.RequiredText("opType"),
            Channels = fields.RequiredInteger("channels"),
            Height = fields.RequiredInteger("height"),
            Width = fields.RequiredInteger("width"),
            Layout = fields.Name<FeatureLayout>("layout"),
            PrefixTokens = fields.RequiredInteger("prefixTokens"),
        };
        return new()
        {
            Layer = layer,
            Map = fields.Has("map") ? fields.Map("map") : map,
            RawMap = fields.Has("rawMap") ? fields.Map("rawMap") : raw,
            ChannelScores = fields.FloatsOrNone("channelScores", layer.Channels),
            ChannelWeights = fields.FloatsOrNone("channelWeights", layer.Channels),
            PredictedChannels = fields.Channels("predictedChannels", layer.Channels),
            EstimatedError = fields.OptionalFloat("estimatedError"),
            DeadChannels = fields.RequiredInteger("deadChannels"),
            Passes = fields.RequiredInteger("passes"),
            GradientPasses = fields.RequiredInteger("gradientPasses"),
            Elapsed = fields.Time("elapsed"),
            Warnings = fields.Texts("warnings"),
        };
    }

    private static PictureMapping ReadMapping(SavedFields fields)
    {
        (int width, int height) = (fields.Side("pictureWidth"), fields.Side("pictureHeight"));
        if ((long)height * width > Array.MaxLength / 3)
            throw fields.Error("pictureHeight", $"{height}, and with {width} columns no picture is as large");
        return new()
        {
            PictureWidth = width,
            PictureHeight = height,
            InputWidth = fields.Side("inputWidth"),
            InputHeight = fields.Side("inputHeight"),
            ScaleX = fields.RequiredNumber("scaleX"),
            ScaleY = fields.RequiredNumber("scaleY"),
            OffsetX = fields.RequiredNumber("offsetX"),
            OffsetY = fields.RequiredNumber("offsetY"),
        };
    }
}
