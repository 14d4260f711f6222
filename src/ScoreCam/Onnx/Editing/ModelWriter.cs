using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// Writes a changed model. Changed parts are encoded again, and all other parts are copied from the source's bytes.
/// </summary>
internal sealed class ModelWriter(
    OnnxGraph source, EditableModel model, IReadOnlyDictionary<OnnxInitializer, ProtoWriter> contents)
{
    public ProtoWriter Write()
    {
        bool irChanged = model.IrVersion != source.IrVersion;
        bool opsetChanged = model.Opset != source.OpsetImports.GetValueOrDefault("");
        var whole = new ProtoWriter();
        var graph = new ProtoWriter();
        var reader = new ProtoReader(source.Bytes.Span);
        for (int start = 0; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            bool isGraph = field == Schema.Model.Graph && type == WireType.Bytes;
            bool isChanged = field switch
            {
                Schema.Model.IrVersion => irChanged,
                Schema.Model.OpsetImport => opsetChanged && type == WireType.Bytes && IsOnnx(reader.Peek()),
                _ => isGraph,
            };
            // A graph can consist of several pieces, which protobuf merges.
            if (isGraph)
                CopyOthers(reader.Peek(), graph);
            reader.Skip(type);
            if (!isChanged)
                whole.Raw(source.Bytes[start..reader.Position]);
        }
        if (irChanged)
            whole.Int64(Schema.Model.IrVersion, model.IrVersion);
        if (opsetChanged)
            whole.Message(Schema.Model.OpsetImport, new ProtoWriter().Int64(Schema.Opset.Version, model.Opset));
        return whole.Message(Schema.Model.Graph, AddParts(graph));
    }

    /// <summary>Whether an OperatorSetIdProto belongs to ONNX's own operators.</summary>
    private bool IsOnnx(ByteRange opset)
    {
        var reader = new ProtoReader(source.Bytes.Span, opset);
        string domain = "";
        while (reader.Next(out int field, out WireType type))
        {
            if (field == Schema.Opset.Domain && type == WireType.Bytes)
                domain = reader.Text();
            else
                reader.Skip(type);
        }
        return OnnxDomain.Normalise(domain).Length == 0;
    }

    /// <summary>
    /// Copies the fields of the graph that the model does not list: the name, the metadata, and unknown fields.
    /// </summary>
    private void CopyOthers(ByteRange graph, ProtoWriter destination)
    {
        var reader = new ProtoReader(source.Bytes.Span, graph);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            bool isListed = type == WireType.Bytes && field is Schema.Graph.Node or Schema.Graph.Initializer
                or Schema.Graph.SparseInitializer or Schema.Graph.Input or Schema.Graph.Output
                or Schema.Graph.ValueInfo;
            reader.Skip(type);
            if (!isListed)
                destination.Raw(source.Bytes[start..reader.Position]);
        }
    }

    private ProtoWriter AddParts(ProtoWriter graph)
    {
        foreach (OnnxNode node in model.Nodes)
            Add(Schema.Graph.Node, node.Range, () => Encode(node));
        foreach (OnnxInitializer tensor in model.Initializers)
        {
            int field = tensor.IsSparse ? Schema.Graph.SparseInitializer : Schema.Graph.Initializer;
            if (contents.TryGetValue(tensor, out ProtoWriter? content))
                graph.Message(field, content);
            else
                graph.Bytes(field, tensor.Range.Of(source.Bytes));
        }
        AddValues(Schema.Graph.Input, model.Inputs);
        AddValues(Schema.Graph.Output, model.Outputs);
        AddValues(Schema.Graph.ValueInfo, model.ValueInfo);
        return graph;

        void AddValues(int field, List<OnnxValue> values)
        {
            foreach (OnnxValue value in values)
                Add(field, value.Range, () => Encode(value));
        }

        void Add(int field, ByteRange range, Func<ProtoWriter> encode)
        {
            if (range.IsNone)
                graph.Message(field, encode());
            else
                graph.Bytes(field, range.Of(source.Bytes));
        }
    }

    private ProtoWriter Encode(OnnxNode node)
    {
        var writer = new ProtoWriter();
        foreach (string input in node.Inputs)
            writer.Text(Schema.Node.Input, input);
        foreach (string output in node.Outputs)
            writer.Text(Schema.Node.Output, output);
        if (node.Name.Length > 0)
            writer.Text(Schema.Node.Name, node.Name);
        writer.Text(Schema.Node.OpType, node.OpType);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            if (attribute.Range.IsNone)
                writer.Message(Schema.Node.Attribute, Encode(attribute));
            else
                writer.Bytes(Schema.Node.Attribute, attribute.Range.Of(source.Bytes));
        }
        if (node.Domain.Length > 0)
            writer.Text(Schema.Node.Domain, node.Domain);
        return writer;
    }

    private static ProtoWriter Encode(OnnxAttribute attribute)
    {
        ProtoWriter writer = new ProtoWriter().Text(Schema.Attribute.Name, attribute.Name);
        switch (attribute.Kind)
        {
            case AttributeKind.Float:
                writer.Float(Schema.Attribute.Float, attribute.Float);
                break;
            case AttributeKind.Int:
                writer.Int64(Schema.Attribute.Int, attribute.Int);
                break;
            case AttributeKind.String:
                writer.Text(Schema.Attribute.String, attribute.Text!);
                break;
            case AttributeKind.Ints:
                writer.Int64s(Schema.Attribute.Ints, attribute.Ints);
                break;
            default:
                throw new InvalidOperationException(
                    $"The attribute '{attribute.Name}' of kind {attribute.Kind} cannot be written.");
        }
        return writer.Int64(Schema.Attribute.Kind, (long)attribute.Kind);
    }

    private static ProtoWriter Encode(OnnxValue value)
    {
        ProtoWriter writer = new ProtoWriter().Text(Schema.Value.Name, value.Name);
        // ONNX Runtime infers the type of an output that declares none.
        if (value.Dims is null)
            return writer;
        var shape = new ProtoWriter();
        foreach (long size in value.Dims)
        {
            var dimension = new ProtoWriter();
            if (size >= 0)
                dimension.Int64(Schema.Dimension.Size, size);
            else
                dimension.Text(Schema.Dimension.Symbol, "N");
            shape.Message(Schema.Shape.Dimension, dimension);
        }
        var tensor = new ProtoWriter().Int64(Schema.TensorType.ElementType, (long)value.ElementType);
        tensor.Message(Schema.TensorType.Shape, shape);
        return writer.Message(Schema.Value.Type, new ProtoWriter().Message(Schema.Type.Tensor, tensor));
    }
}
