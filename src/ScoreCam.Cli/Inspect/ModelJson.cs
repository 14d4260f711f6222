using System.Numerics;
using System.Text;
using System.Text.Json;
using ScoreCam.Images;

namespace ScoreCam.Cli.Inspect;

/// <summary>Writes a model's facts and layers as JSON, for programs.</summary>
internal static class ModelJson
{
    public static void Write(ImageModel model, TextWriter output)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new() { Indented = true }))
            Write(model, json);
        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Write(ImageModel model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("modelSha256", model.Sha256);
        json.WriteString("version", ProgramVersion.Current);
        Write(model.Input, json);
        json.WriteString("scoreTensor", model.ScoreTensor);
        json.WriteString("scoreKind", Lower(model.ScoreKind));
        Write(model.Preprocessing, json);
        json.WriteStartArray("warnings");
        foreach (string warning in model.Warnings)
            json.WriteStringValue(ErrorReport.InCommand(warning));
        json.WriteEndArray();
        json.WriteStartArray("classes");
        for (int i = 0; i < model.Classes.Count; i++)
            json.WriteStringValue(model.Classes[i]);
        json.WriteEndArray();
        json.WriteString("defaultLayer", model.DefaultLayer.Name);
        json.WriteStartArray("layers");
        foreach (LayerInfo layer in model.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteString("node", layer.NodeName);
            json.WriteString("op", layer.OpType);
            json.WriteNumber("channels", layer.Channels);
            json.WriteNumber("height", layer.Height);
            json.WriteNumber("width", layer.Width);
            json.WriteString("layout", Lower(layer.Layout));
            json.WriteNumber("prefixTokens", layer.PrefixTokens);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the input. Free dimensions are null.</summary>
    private static void Write(ImageInput input, Utf8JsonWriter json)
    {
        json.WriteStartObject("input");
        json.WriteString("name", input.Name);
        json.WriteString("elementType", Lower(input.ElementType));
        json.WriteString("layout", Lower(input.Layout));
        json.WriteNumber("channels", input.Channels);
        Write("height", input.Height, json);
        Write("width", input.Width, json);
        Write("batch", input.Batch, json);
        json.WriteEndObject();
    }

    private static void Write(Preprocessing preprocessing, Utf8JsonWriter json)
    {
        json.WriteStartObject("preprocessing");
        json.WriteNumber("scale", preprocessing.Scale);
        Write("mean", preprocessing.Mean, json);
        Write("std", preprocessing.Std, json);
        json.WriteString("order", Lower(preprocessing.Order));
        json.WriteString("fit", Lower(preprocessing.Fit));
        json.WriteString("filter", Lower(preprocessing.Filter));
        Write("width", preprocessing.Width, json);
        Write("height", preprocessing.Height, json);
        Write("shortestEdge", preprocessing.ShortestEdge, json);
        json.WriteEndObject();
    }

    private static void Write(string name, int? value, Utf8JsonWriter json)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static void Write(string name, Vector3 value, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < 3; i++)
            json.WriteNumberValue(value[i]);
        json.WriteEndArray();
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
