using System.Text.Json;
using ScoreCam.Images;

namespace ScoreCam.IO.Explanations;

/// <summary>
/// Writes an explanation as JSON. A float is written in the shortest form that reads back as the same value. A map that
/// the explanation shares with its only layer is written once.
/// </summary>
internal sealed class ExplanationWriter(Utf8JsonWriter json)
{
    public void Write(Explanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("format", ExplanationReader.Format);
        json.WriteNumber("formatVersion", ExplanationReader.FormatVersion);
        json.WriteString("version", explanation.Version);
        json.WriteString("method", explanation.Method);
        json.WriteString("modelSha256", explanation.ModelSha256);
        json.WriteString("target", explanation.TargetName);
        if (explanation.ClassIndex is { } index)
            json.WriteNumber("classIndex", index);
        if (explanation.Logit is { } logit)
            Write("logit", logit);
        if (explanation.Probability is { } probability)
            Write("probability", probability);
        json.WriteBoolean("isSigned", explanation.IsSigned);
        json.WriteString("elapsed", explanation.Elapsed.ToString("c"));
        Write("warnings", explanation.Warnings);
        Write(explanation.Mapping);
        Write("map", explanation.Map);
        Write("rawMap", explanation.RawMap);
        json.WriteString("combination", explanation.Combination.ToString());
        json.WriteNumber("passes", explanation.Passes);
        json.WriteNumber("gradientPasses", explanation.GradientPasses);
        if (explanation.CompletenessError is { } error)
            Write("completenessError", error);
        if (explanation.Losses is not [])
            Write("losses", [.. explanation.Losses]);
        json.WriteStartArray("layers");
        foreach (LayerEvidence layer in explanation.Layers)
            Write(layer, explanation);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    private void Write(LayerEvidence evidence, Explanation explanation)
    {
        LayerInfo layer = evidence.Layer;
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("nodeName", layer.NodeName);
        json.WriteString("opType", layer.OpType);
        json.WriteNumber("channels", layer.Channels);
        json.WriteNumber("height", layer.Height);
        json.WriteNumber("width", layer.Width);
        json.WriteString("layout", layer.Layout.ToString());
        json.WriteNumber("prefixTokens", layer.PrefixTokens);
        json.WriteNumber("deadChannels", evidence.DeadChannels);
        json.WriteNumber("passes", evidence.Passes);
        json.WriteNumber("gradientPasses", evidence.GradientPasses);
        json.WriteString("elapsed", evidence.Elapsed.ToString("c"));
        Write("warnings", evidence.Warnings);
        // With a single layer, these maps are the explanation's own.
        if (evidence.Map != explanation.Map)
            Write("map", evidence.Map);
        if (evidence.RawMap != explanation.RawMap)
            Write("rawMap", evidence.RawMap);
        Write("channelScores", [.. evidence.ChannelScores]);
        Write("channelWeights", [.. evidence.ChannelWeights]);
        json.WriteStartArray("predictedChannels");
        foreach (int channel in evidence.PredictedChannels)
            json.WriteNumberValue(channel);
        json.WriteEndArray();
        if (evidence.EstimatedError is { } error)
            Write("estimatedError", error);
        json.WriteEndObject();
    }

    private void Write(PictureMapping mapping)
    {
        json.WriteStartObject("mapping");
        json.WriteNumber("pictureWidth", mapping.PictureWidth);
        json.WriteNumber("pictureHeight", mapping.PictureHeight);
        json.WriteNumber("inputWidth", mapping.InputWidth);
        json.WriteNumber("inputHeight", mapping.InputHeight);
        json.WriteNumber("scaleX", mapping.ScaleX);
        json.WriteNumber("scaleY", mapping.ScaleY);
        json.WriteNumber("offsetX", mapping.OffsetX);
        json.WriteNumber("offsetY", mapping.OffsetY);
        json.WriteEndObject();
    }

    private void Write(string name, SaliencyMap map)
    {
        json.WriteStartObject(name);
        json.WriteNumber("width", map.Width);
        json.WriteNumber("height", map.Height);
        Write("values", map.Values);
        json.WriteEndObject();
    }

    private void Write(string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private void Write(string name, ReadOnlySpan<float> values)
    {
        json.WriteStartArray(name);
        foreach (float value in values)
            Write(value);
        json.WriteEndArray();
    }

    private void Write(string name, float value)
    {
        json.WritePropertyName(name);
        Write(value);
    }

    // JSON has no numbers for these three values. The score of a skipped channel is NaN.
    private void Write(float value)
    {
        if (float.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(float.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
}
