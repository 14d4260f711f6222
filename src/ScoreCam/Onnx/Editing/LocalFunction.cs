using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>A FunctionProto. It stores where the nodes are, not their contents.</summary>
internal sealed class LocalFunction
{
    public string Domain { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string Overload { get; private set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public List<ByteRange> Nodes { get; } = [];

    /// <summary>Attributes with a default value.</summary>
    public List<(string Name, ByteRange Range)> Defaults { get; } = [];

    public List<(string Domain, long Version)> Opsets { get; } = [];

    public static LocalFunction Read(ReadOnlySpan<byte> model, ByteRange range)
    {
        var function = new LocalFunction();
        var reader = new ProtoReader(model, range);
        while (reader.Next(out int field, out WireType type))
        {
            if (type != WireType.Bytes)
            {
                reader.Skip(type);
                continue;
            }
            switch (field)
            {
                case Schema.Function.Name:
                    function.Name = reader.Text();
                    break;
                case Schema.Function.Domain:
                    function.Domain = OnnxDomain.Normalise(reader.Text());
                    break;
                case Schema.Function.Overload:
                    function.Overload = reader.Text();
                    break;
                case Schema.Function.Input:
                    function.Inputs.Add(reader.Text());
                    break;
                case Schema.Function.Output:
                    function.Outputs.Add(reader.Text());
                    break;
                case Schema.Function.Node:
                    function.Nodes.Add(reader.Range());
                    break;
                case Schema.Function.Attribute:
                    ByteRange attribute = reader.Range();
                    function.Defaults.Add((CalledNode.AttributeName(model, attribute), attribute));
                    break;
                case Schema.Function.OpsetImport:
                    function.Opsets.Add(ReadOpset(reader.Message()));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return function;
    }

    /// <summary>An OperatorSetIdProto.</summary>
    public static (string Domain, long Version) ReadOpset(ProtoReader reader)
    {
        (string domain, long version) = ("", 0);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == Schema.Opset.Domain && type == WireType.Bytes)
                domain = OnnxDomain.Normalise(reader.Text());
            else if (field == Schema.Opset.Version && type == WireType.Varint)
                version = reader.Int64();
            else
                reader.Skip(type);
        }
        return (domain, version);
    }
}

/// <summary>The part of a node that a call needs.</summary>
internal sealed class CalledNode
{
    public string OpType { get; private set; } = "";

    public string Domain { get; private set; } = "";

    public string Overload { get; private set; } = "";

    public string Name { get; private set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public List<(string Name, ByteRange Range)> Attributes { get; } = [];

    public bool HasSubgraph { get; private set; }

    public IEnumerable<string> AllNames => Inputs.Concat(Outputs);

    public static CalledNode Read(ReadOnlySpan<byte> model, ByteRange range)
    {
        var node = new CalledNode();
        var reader = new ProtoReader(model, range);
        while (reader.Next(out int field, out WireType type))
        {
            if (type != WireType.Bytes)
            {
                reader.Skip(type);
                continue;
            }
            switch (field)
            {
                case Schema.Node.Input:
                    node.Inputs.Add(reader.Text());
                    break;
                case Schema.Node.Output:
                    node.Outputs.Add(reader.Text());
                    break;
                case Schema.Node.Name:
                    node.Name = reader.Text();
                    break;
                case Schema.Node.OpType:
                    node.OpType = reader.Text();
                    break;
                case Schema.Node.Domain:
                    node.Domain = OnnxDomain.Normalise(reader.Text());
                    break;
                case Schema.Node.Overload:
                    node.Overload = reader.Text();
                    break;
                case Schema.Node.Attribute:
                    ByteRange attribute = reader.Range();
                    node.Attributes.Add((AttributeName(model, attribute), attribute));
                    node.HasSubgraph |= Has(model, attribute, Schema.Attribute.Graph)
                        || Has(model, attribute, Schema.Attribute.Graphs);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return node;
    }

    public static string AttributeName(ReadOnlySpan<byte> model, ByteRange attribute) =>
        Text(model, attribute, Schema.Attribute.Name);

    /// <summary>
    /// Returns the attribute of the function that this attribute refers to; null if this attribute has its own value.
    /// </summary>
    public static string? Reference(ReadOnlySpan<byte> model, ByteRange attribute) =>
        Text(model, attribute, Schema.Attribute.Reference) is { Length: > 0 } name ? name : null;

    /// <summary>Returns a text field of a message; empty if the field is absent.</summary>
    public static string Text(ReadOnlySpan<byte> model, ByteRange message, int wanted)
    {
        string text = "";
        var reader = new ProtoReader(model, message);
        while (reader.Next(out int field, out WireType type))
            if (field == wanted && type == WireType.Bytes)
                text = reader.Text();
            else
                reader.Skip(type);
        return text;
    }

    private static bool Has(ReadOnlySpan<byte> model, ByteRange message, int wanted)
    {
        var reader = new ProtoReader(model, message);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == wanted)
                return true;
            reader.Skip(type);
        }
        return false;
    }
}
