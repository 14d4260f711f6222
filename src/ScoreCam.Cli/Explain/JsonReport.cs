using System.Text.Json;

namespace ScoreCam.Cli.Explain;

/// <summary>
/// Writes the results as JSON. Each run is written when it is done, so thousands of images need no more memory than
/// one.
/// </summary>
internal sealed class JsonReport : IDisposable
{
    private readonly OutputFile _file;
    private readonly FileStream _stream;
    private readonly Utf8JsonWriter _json;

    /// <exception cref="UserException">The path cannot be written.</exception>
    public JsonReport(string path)
    {
        _file = OutputFile.Begin(path);
        // Unbuffered, because closing the stream must not try to write the rest again if the disk is full.
        _stream = new(_file.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _json = new Utf8JsonWriter(_stream);
    }

    public void Begin(ImageModel model, ExplainSettings settings)
    {
        _json.WriteStartObject();
        _json.WriteString("model", model.Name);
        _json.WriteString("modelSha256", model.Sha256);
        _json.WriteString("version", ProgramVersion.Current);
        _json.WriteString("method", settings.Method.Name);
        MethodSettings method = settings.Layers[0];
        if (method.ScoreCam is { } preset)
            _json.WriteString("preset", ScoreCamArguments.Presets.First(entry => entry.Value == preset.Preset).Key);
        if (settings.Method.HasFill)
            _json.WriteString("maskFill", method.Fill.ToString());
        _json.WriteBoolean("signed", method.Signed);
        _json.WriteBoolean("flipAveraging", method.Flip);
        if (method.ScoreCam is { } options)
        {
            _json.WriteBoolean("twoSided", options.TwoSided);
            _json.WriteString("sampling", options.Sampling.ToString());
        }
        _json.WriteStartArray("runs");
    }

    public void Add(ExplainedImage run)
    {
        _json.WriteStartObject();
        _json.WriteString("image", run.Image.Name);
        _json.WriteString("layer", run.Evidence?.Layer.Name);
        Write("channels", run.Evidence?.Layer.Channels);
        Write("deadChannels", run.Evidence?.DeadChannels);
        _json.WriteNumber("passes", run.Shared.Passes);
        _json.WriteNumber("gradientPasses", run.Shared.GradientPasses);
        _json.WriteNumber("elapsedSeconds", run.Shared.Elapsed.TotalSeconds);
        _json.WriteStartArray("warnings");
        foreach (string warning in run.Warnings)
            _json.WriteStringValue(warning);
        _json.WriteEndArray();
        _json.WriteStartArray("explanations");
        foreach (Explanation explanation in run.Explanations)
            Write(explanation);
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>Completes the document and moves it to its final path.</summary>
    public void Complete()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
        _stream.Dispose();
        _file.Commit();
    }

    public void Dispose()
    {
        // The stream is disposed first, because the writer must not flush the rest of an unfinished document.
        _stream.Dispose();
        _file.Dispose();
    }

    private void Write(Explanation explanation)
    {
        LayerEvidence? evidence = explanation.Layers.Count == 0 ? null : explanation.Layers[0];
        _json.WriteStartObject();
        Write("classIndex", explanation.ClassIndex);
        _json.WriteString("className", explanation.TargetName);
        Write("logit", explanation.Logit);
        Write("probability", explanation.Probability);
        Write("map", explanation.Map);
        Write("rawMap", explanation.RawMap);
        Write("channelScores", evidence?.ChannelScores ?? []);
        Write("channelWeights", evidence?.ChannelWeights ?? []);
        _json.WriteStartArray("predictedChannels");
        foreach (int channel in evidence?.PredictedChannels ?? [])
            _json.WriteNumberValue(channel);
        _json.WriteEndArray();
        Write("estimatedError", evidence?.EstimatedError);
        Write("completenessError", explanation.CompletenessError);
        _json.WriteEndObject();
    }

    private void Write(string name, SaliencyMap map)
    {
        _json.WriteStartObject(name);
        _json.WriteNumber("width", map.Width);
        _json.WriteNumber("height", map.Height);
        Write("values", map.Values.ToArray());
        _json.WriteEndObject();
    }

    private void Write(string name, IReadOnlyList<float> values)
    {
        _json.WriteStartArray(name);
        foreach (float value in values)
            WriteValue(value);
        _json.WriteEndArray();
    }

    private void Write(string name, float? value)
    {
        _json.WritePropertyName(name);
        WriteValue(value ?? float.NaN);
    }

    private void Write(string name, int? value)
    {
        if (value is { } number)
            _json.WriteNumber(name, number);
        else
            _json.WriteNull(name);
    }

    /// <summary>
    /// Writes the shortest form that reads back as the same float. JSON has no form for NaN and infinity.
    /// </summary>
    private void WriteValue(float value)
    {
        if (float.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            _json.WriteNullValue();
    }
}
