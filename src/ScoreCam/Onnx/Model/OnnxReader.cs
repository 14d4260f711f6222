using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// Reads ModelProto and GraphProto. Fields that are not needed, mainly weights, are skipped by their length.
/// </summary>
internal static class OnnxReader
{
    public static OnnxGraph Read(ReadOnlyMemory<byte> model)
    {
        var parts = new OnnxParts(model);
        try
        {
            ReadModel(new ProtoReader(model.Span), parts);
        }
        catch (InvalidDataException malformed)
        {
            string problem = NotOnnx.Recognise(model.Span)
                ?? $"The model cannot be read as ONNX ({malformed.Message}): it is another format, damaged, "
                + $"or cut off after {model.Length} bytes.";
            throw new UnsupportedModelException(problem, malformed);
        }
        if (!parts.HasGraph)
        {
            string problem = NotOnnx.Recognise(model.Span)
                ?? "The model holds no graph: it is not ONNX, or it is cut off.";
            throw new UnsupportedModelException(problem);
        }
        if (parts.Nodes.Count == 0)
            throw new UnsupportedModelException("The model's graph has no nodes, so there is nothing to explain.");
        return new OnnxGraph(parts);
    }

    private static void ReadModel(ProtoReader reader, OnnxParts parts)
    {
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Model.IrVersion, WireType.Varint):
                    parts.IrVersion = reader.Int64();
                    break;
                case (Schema.Model.Graph, WireType.Bytes):
                    parts.HasGraph = true;
                    ReadGraph(reader.Message(), parts);
                    break;
                case (Schema.Model.OpsetImport, WireType.Bytes):
                    (string domain, long version) = ReadOpset(reader.Message());
                    parts.OpsetImports[domain] = version;
                    break;
                case (Schema.Model.Metadata, WireType.Bytes):
                    (string key, string value) = ReadEntry(reader.Message());
                    parts.Metadata[key] = value;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private static void ReadGraph(ProtoReader reader, OnnxParts parts)
    {
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Graph.Node, WireType.Bytes):
                    parts.Nodes.Add(NodeReader.Read(ref reader, parts.Nodes.Count));
                    break;
                case (Schema.Graph.Initializer, WireType.Bytes):
                    parts.Initializers.Add(TensorReader.Read(ref reader));
                    break;
                case (Schema.Graph.Input, WireType.Bytes):
                    parts.Inputs.Add(OnnxValue.Read(ref reader));
                    break;
                case (Schema.Graph.Output, WireType.Bytes):
                    parts.Outputs.Add(OnnxValue.Read(ref reader));
                    break;
                case (Schema.Graph.ValueInfo, WireType.Bytes):
                    parts.ValueInfo.Add(OnnxValue.Read(ref reader));
                    break;
                case (Schema.Graph.SparseInitializer, WireType.Bytes):
                    parts.Initializers.Add(TensorReader.ReadSparse(ref reader));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private static (string Domain, long Version) ReadOpset(ProtoReader reader)
    {
        string domain = "";
        long version = 0;
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Opset.Domain, WireType.Bytes):
                    domain = OnnxDomain.Normalise(reader.Text());
                    break;
                case (Schema.Opset.Version, WireType.Varint):
                    version = reader.Int64();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return (domain, version);
    }

    /// <summary>Reads a StringStringEntryProto.</summary>
    public static (string Key, string Value) ReadEntry(ProtoReader reader)
    {
        string key = "", value = "";
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Entry.Key, WireType.Bytes):
                    key = reader.Text();
                    break;
                case (Schema.Entry.Value, WireType.Bytes):
                    value = reader.Text();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return (key, value);
    }
}

internal static class OnnxDomain
{
    public const string Microsoft = "com.microsoft";

    public const string MachineLearning = "ai.onnx.ml";

    /// <summary>Normalises the domain, because ONNX's own domain has two spellings.</summary>
    public static string Normalise(string domain) => domain == "ai.onnx" ? "" : domain;
}
