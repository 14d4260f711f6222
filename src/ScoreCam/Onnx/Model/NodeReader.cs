using System.Text;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads NodeProto and AttributeProto. From subgraphs, it reads only the names that they use.</summary>
internal static class NodeReader
{
    private const int DeepestSubgraph = 32;

    /// <summary>The longest accepted text. Longer texts contain data, not a setting.</summary>
    private const int LongestText = 256;

    public static OnnxNode Read(ref ProtoReader outer, int index)
    {
        ByteRange range = outer.Peek();
        ProtoReader reader = outer.Message();
        string name = "", opType = "", domain = "";
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        HashSet<string> captured = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Node.Input, WireType.Bytes):
                    inputs.Add(reader.Text());
                    break;
                case (Schema.Node.Output, WireType.Bytes):
                    outputs.Add(reader.Text());
                    break;
                case (Schema.Node.Name, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (Schema.Node.OpType, WireType.Bytes):
                    opType = reader.Text();
                    break;
                case (Schema.Node.Attribute, WireType.Bytes):
                    attributes.Add(ReadAttribute(ref reader, captured));
                    break;
                case (Schema.Node.Domain, WireType.Bytes):
                    domain = OnnxDomain.Normalise(reader.Text());
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        if (opType.Length == 0)
            throw new InvalidDataException($"a node without an operator at byte {range.Start}");
        return new OnnxNode
        {
            Index = index,
            Name = name,
            OpType = opType,
            Domain = domain,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes.Count == 0 ? [] : attributes,
            Captured = captured.Count == 0 ? [] : [.. captured],
            Range = range,
        };
    }

    /// <summary>Returns the list of strings in an attribute of this model. Empty if it contains none.</summary>
    public static IReadOnlyList<string> Strings(ReadOnlySpan<byte> model, OnnxAttribute attribute)
    {
        List<string> strings = [];
        var reader = new ProtoReader(model, attribute.Range);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == Schema.Attribute.Strings && type == WireType.Bytes)
                strings.Add(Encoding.UTF8.GetString(reader.Bytes()));
            else
                reader.Skip(type);
        }
        return strings;
    }

    private static OnnxAttribute ReadAttribute(ref ProtoReader outer, HashSet<string> captured)
    {
        ByteRange range = outer.Peek();
        ProtoReader reader = outer.Message();
        (string name, string? text, OnnxInitializer? tensor) = ("", null, null);
        (AttributeKind kind, float real, long number, bool hasSubgraph) = (default, 0, 0, false);
        List<long>? ints = null;
        List<float>? floats = null;
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Attribute.Name, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (Schema.Attribute.Kind, WireType.Varint):
                    kind = (AttributeKind)reader.Int32();
                    break;
                case (Schema.Attribute.Float, WireType.Fixed32):
                    real = reader.Float();
                    break;
                case (Schema.Attribute.Int, WireType.Varint):
                    number = reader.Int64();
                    break;
                case (Schema.Attribute.String, WireType.Bytes):
                    // A string attribute can contain any bytes.
                    ReadOnlySpan<byte> bytes = reader.Bytes();
                    text = bytes.Length <= LongestText ? Encoding.UTF8.GetString(bytes) : null;
                    break;
                case (Schema.Attribute.Tensor, WireType.Bytes):
                    // Protobuf would merge two tensors, but no exporter writes two.
                    if (tensor is not null)
                        throw new InvalidDataException($"a second tensor in an attribute at byte {reader.Position}");
                    tensor = TensorReader.Read(ref reader);
                    break;
                case (Schema.Attribute.Graph or Schema.Attribute.Graphs, WireType.Bytes):
                    hasSubgraph = true;
                    CollectNames(reader.Message(), captured, 1);
                    break;
                case (Schema.Attribute.Ints, WireType.Bytes or WireType.Varint):
                    reader.Int64s(type, ints ??= []);
                    break;
                case (Schema.Attribute.Floats, WireType.Bytes or WireType.Fixed32):
                    reader.Floats(type, floats ??= [], TensorReader.SmallCount);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new OnnxAttribute(name)
        {
            Kind = kind,
            Int = number,
            Float = real,
            Text = text,
            Tensor = tensor,
            HasSubgraph = hasSubgraph,
            Ints = ints ?? [],
            Floats = floats ?? [],
            Range = range,
        };
    }

    /// <summary>
    /// Collects every name that a subgraph's nodes read, and the subgraph's outputs, which can be outer tensors
    /// themselves.
    /// </summary>
    private static void CollectNames(ProtoReader graph, HashSet<string> names, int depth)
    {
        if (depth > DeepestSubgraph)
            throw new InvalidDataException(
                $"subgraphs nested more than {DeepestSubgraph} deep at byte {graph.Position}");
        while (graph.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Graph.Node, WireType.Bytes):
                    CollectNodeNames(graph.Message(), names, depth);
                    break;
                case (Schema.Graph.Output, WireType.Bytes):
                    names.Add(OnnxValue.Read(ref graph).Name);
                    break;
                default:
                    graph.Skip(type);
                    break;
            }
        }
    }

    private static void CollectNodeNames(ProtoReader node, HashSet<string> names, int depth)
    {
        while (node.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Node.Input, WireType.Bytes):
                    names.Add(node.Text());
                    break;
                case (Schema.Node.Attribute, WireType.Bytes):
                    ProtoReader attribute = node.Message();
                    while (attribute.Next(out int inner, out WireType innerType))
                    {
                        if (inner is Schema.Attribute.Graph or Schema.Attribute.Graphs && innerType == WireType.Bytes)
                            CollectNames(attribute.Message(), names, depth + 1);
                        else
                            attribute.Skip(innerType);
                    }
                    break;
                default:
                    node.Skip(type);
                    break;
            }
        }
    }
}
