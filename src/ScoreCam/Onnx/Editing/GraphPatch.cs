using System.Runtime.InteropServices;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// More outputs and nodes for a model, without writing it anew: protobuf merges repeated occurrences of a message, so the model's bytes
/// followed by <c>ModelProto{graph{node…, output…}}</c> are the model with these nodes and outputs added. Not thread-safe.
/// </summary>
internal sealed class GraphPatch(OnnxGraph graph)
{
    /// <summary>What an array has after a model's bytes, so that <see cref="ApplyInRoom"/> need not copy them.</summary>
    public const int Room = 4096;

    /// <summary>The highest number that a field can have; no message of ONNX's has one like it, and readers pass over what they do not know.</summary>
    private const int UnknownField = (1 << 29) - 1;

    private readonly ProtoWriter _graph = new();
    private readonly HashSet<string> _outputs = [.. graph.Outputs.Select(o => o.Name)];
    private readonly HashSet<string> _made = [];

    /// <summary>Makes a tensor of the main graph, or of a node added before, an output; one that is an output already stays as it is.</summary>
    /// <exception cref="ArgumentException">The main graph has no such tensor.</exception>
    public GraphPatch AddOutput(string tensor)
    {
        if (!_made.Contains(tensor) && !graph.HasTensor(tensor))
            throw new ArgumentException($"The model's main graph has no tensor '{tensor}'{Suggestion.DidYouMean(tensor, graph.Nodes.SelectMany(n => n.Outputs)) ?? "."}", nameof(tensor));
        // A second output of the same name would be refused.
        if (_outputs.Add(tensor))
            _graph.Message(12, new ProtoWriter().Text(1, tensor));
        return this;
    }

    /// <summary>Adds a node with one output, named <paramref name="output"/> or, if that is taken, something like it. Returns the name.</summary>
    public string AddNode(string opType, string output, ReadOnlySpan<string> inputs, string domain = "", params ReadOnlySpan<(string Name, long Value)> attributes)
    {
        string name = output;
        for (int i = 2; graph.HasTensor(name) || _made.Contains(name); i++)
            name = $"{output}_{i}";
        _made.Add(name);
        var node = new ProtoWriter();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, name).Text(3, name).Text(4, opType);
        foreach ((string attribute, long value) in attributes)
            node.Message(5, new ProtoWriter().Text(1, attribute).Int64(3, value).Int64(20, 2));
        if (domain.Length > 0)
            node.Text(7, domain);
        _graph.Message(1, node);
        return name;
    }

    /// <summary>Adds the real numbers of an integer tensor. Returns their name.</summary>
    public string AddDequantize(string tensor, Quantization quantization) =>
        AddNode("DequantizeLinear", $"{tensor}:real", quantization.ZeroPoint is { } zero ? [tensor, quantization.Scale, zero] : [tensor, quantization.Scale]);

    /// <summary>Adds a tensor in another element type (ONNX's number of it). Returns its name.</summary>
    public string AddCast(string tensor, int elementType) => AddNode("Cast", $"{tensor}:cast", [tensor], "", ("to", elementType));

    /// <summary>What to append; empty where nothing was added.</summary>
    public byte[] Tail() => _graph.Written.IsEmpty ? [] : new ProtoWriter().Message(7, _graph).Written.ToArray();

    /// <summary>The model with the additions.</summary>
    public byte[] Apply(ReadOnlySpan<byte> model) => [.. model, .. Tail()];

    /// <summary>
    /// The same without a copy, where the model's array has room after it: the array itself, whose rest is a field that readers pass over. It is good until
    /// this is called for the same array again; the model's own bytes stay as they are.
    /// </summary>
    public byte[] ApplyInRoom(ReadOnlyMemory<byte> model)
    {
        byte[] tail = Tail();
        if (!MemoryMarshal.TryGetArray(model, out ArraySegment<byte> bytes) || bytes.Offset != 0)
            return Apply(model.Span);
        Span<byte> room = bytes.Array.AsSpan(bytes.Count);
        // As long as the longest that it may be, so that its length takes as many bytes.
        int head = new ProtoWriter().Length(UnknownField, Room).Written.Length, rest = room.Length - tail.Length - head;
        if (room.Length > Room || rest < 128)
            return Apply(model.Span);
        tail.CopyTo(room);
        new ProtoWriter().Length(UnknownField, rest).Written.CopyTo(room[tail.Length..]);
        return bytes.Array!;
    }
}
