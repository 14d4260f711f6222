using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>Reads NodeProto and AttributeProto, and from subgraphs the names they read.</summary>
internal static class NodeReader
{
    private const int DeepestSubgraph = 32;

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
                case (1, WireType.Bytes):
                    inputs.Add(reader.Text());
                    break;
                case (2, WireType.Bytes):
                    outputs.Add(reader.Text());
                    break;
                case (3, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (4, WireType.Bytes):
                    opType = reader.Text();
                    break;
                case (5, WireType.Bytes):
                    attributes.Add(ReadAttribute(reader.Message(), captured));
                    break;
                case (7, WireType.Bytes):
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

    private static OnnxAttribute ReadAttribute(ProtoReader reader, HashSet<string> captured)
    {
        var attribute = new OnnxAttribute("");
        List<long> ints = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    attribute = attribute with { Name = reader.Text() };
                    break;
                case (2, WireType.Fixed32):
                    attribute = attribute with { Float = reader.Float() };
                    break;
                case (3, WireType.Varint):
                    attribute = attribute with { Int = reader.Int64() };
                    break;
                case (5, WireType.Bytes):
                    // Protobuf would merge the two; nothing writes them.
                    attribute = attribute.Tensor is null ? attribute with { Tensor = TensorReader.Read(ref reader) } : throw new InvalidDataException($"a second tensor in an attribute at byte {reader.Position}");
                    break;
                case (6 or 11, WireType.Bytes):
                    attribute = attribute with { HasSubgraph = true };
                    CollectNames(reader.Message(), captured, 1);
                    break;
                case (8, WireType.Bytes or WireType.Varint):
                    reader.Int64s(type, ints);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return attribute with { Ints = ints.Count == 0 ? [] : ints };
    }

    /// <summary>Every name a subgraph's nodes read, and its outputs, which may be outer tensors themselves.</summary>
    private static void CollectNames(ProtoReader graph, HashSet<string> names, int depth)
    {
        if (depth > DeepestSubgraph)
            throw new InvalidDataException($"subgraphs nested more than {DeepestSubgraph} deep at byte {graph.Position}");
        while (graph.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    CollectNodeNames(graph.Message(), names, depth);
                    break;
                case (12, WireType.Bytes):
                    names.Add(ValueReader.Read(graph.Message()).Name);
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
                case (1, WireType.Bytes):
                    names.Add(node.Text());
                    break;
                case (5, WireType.Bytes):
                    ProtoReader attribute = node.Message();
                    while (attribute.Next(out int inner, out WireType innerType))
                    {
                        if (inner is 6 or 11 && innerType == WireType.Bytes)
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
