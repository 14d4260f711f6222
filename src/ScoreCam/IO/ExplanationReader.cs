using System.Text;
using System.Text.Json;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.IO;

/// <summary>Reads what <see cref="ExplanationWriter"/> wrote. Every error names the field; no more is allocated than the text holds.</summary>
internal static class ExplanationReader
{
    public const string Format = "scorecam-explanation";
    public const int FormatVersion = 1;

    public const int UsualMaxBytes = 256 << 20;

    /// <exception cref="InvalidDataException">Not an explanation; the message names the source and the field.</exception>
    public static Explanation Read(Stream stream, string source, int maxBytes)
    {
        ReadOnlyMemory<byte> bytes = LimitedReader.ReadBytes(stream, maxBytes, nameof(maxBytes), source);
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
            return Read(new SavedFields(json.RootElement, source));
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{source} holds text that is not valid Unicode.", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source} is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", e);
        }
    }

    private static Explanation Read(SavedFields fields)
    {
        if (fields.Text("format") != Format)
            throw fields.Error("format", $"not \"{Format}\", so this is no saved explanation");
        if (fields.RequiredInteger("formatVersion") is var version and not FormatVersion)
            throw fields.Error("formatVersion", $"{version}, and this version of ScoreCam reads {FormatVersion}");

        SaliencyMap map = fields.Map("map"), raw = fields.Map("rawMap");
        int? classIndex = fields.Has("classIndex") ? fields.RequiredInteger("classIndex") : null;
        float? logit = fields.Has("logit") ? fields.Float("logit") : null;
        float? probability = fields.Has("probability") ? fields.Float("probability") : null;
        if (!fields.Has("layers"))
            return new()
            {
                Method = fields.RequiredText("method"),
                TargetName = fields.RequiredText("target"),
                ClassIndex = classIndex,
                Logit = logit,
                Probability = probability,
                IsSigned = fields.Flag("isSigned", false),
                Map = map,
                RawMap = raw,
                Mapping = ReadMapping(fields.Object("mapping")),
                Warnings = fields.Texts("warnings"),
                Elapsed = fields.Time("elapsed"),
                ModelSha256 = fields.RequiredText("modelSha256"),
                Version = fields.RequiredText("version"),
            };
        return new ScoreCamExplanation
        {
            Method = fields.RequiredText("method"),
            TargetName = fields.RequiredText("target"),
            ClassIndex = classIndex,
            Logit = logit,
            Probability = probability,
            IsSigned = fields.Flag("isSigned", false),
            Map = map,
            RawMap = raw,
            Mapping = ReadMapping(fields.Object("mapping")),
            Warnings = fields.Texts("warnings"),
            Elapsed = fields.Time("elapsed"),
            ModelSha256 = fields.RequiredText("modelSha256"),
            Version = fields.RequiredText("version"),
            Preset = Enum.TryParse(fields.RequiredText("preset"), out ScoreCamPreset preset) && Enum.GetName(preset) == fields.Text("preset")
                ? preset
                : throw fields.Error("preset", $"'{fields.Text("preset")}'; known are {string.Join(", ", Enum.GetNames<ScoreCamPreset>())}"),
            Layers = [.. fields.Objects("layers").Select(layer => ReadLayer(layer, map, raw))],
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
        };
        return new()
        {
            Layer = layer,
            Map = fields.Has("map") ? fields.Map("map") : map,
            RawMap = fields.Has("rawMap") ? fields.Map("rawMap") : raw,
            ChannelScores = fields.Floats("channelScores", layer.Channels),
            ChannelWeights = fields.Floats("channelWeights", layer.Channels),
            PredictedChannels = fields.Channels("predictedChannels", layer.Channels),
            EstimatedError = fields.Has("estimatedError") ? fields.Float("estimatedError") : null,
            DeadChannels = fields.RequiredInteger("deadChannels"),
            Passes = fields.RequiredInteger("passes"),
            Elapsed = fields.Time("elapsed"),
            Warnings = fields.Texts("warnings"),
        };
    }

    private static PictureMapping ReadMapping(SavedFields fields) => new()
    {
        PictureWidth = fields.Side("pictureWidth"),
        PictureHeight = fields.Side("pictureHeight") is var height && (long)height * fields.Side("pictureWidth") <= Array.MaxLength / 3 ? height
            : throw fields.Error("pictureHeight", $"{height}, and with {fields.Side("pictureWidth")} columns no picture is as large"),
        InputWidth = fields.Side("inputWidth"),
        InputHeight = fields.Side("inputHeight"),
        ScaleX = fields.RequiredNumber("scaleX"),
        ScaleY = fields.RequiredNumber("scaleY"),
        OffsetX = fields.RequiredNumber("offsetX"),
        OffsetY = fields.RequiredNumber("offsetY"),
    };
}
