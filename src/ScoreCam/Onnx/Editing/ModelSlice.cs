using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// Cuts the part of a network after a layer out of the model's bytes: the nodes and constants that it needs are copied as they stand, and the layer
/// becomes the input.
/// </summary>
internal sealed class ModelSlice(ReadOnlyMemory<byte> model, OnnxGraph graph)
{
    /// <summary>Where the layer holds integers, the slice makes them from an input with another name.</summary>
    private const string RealSuffix = ":slice";

    private readonly HashSet<int> _kept = [];
    private readonly HashSet<string> _tensors = [];

    /// <summary>Name of the input of a slice.</summary>
    public static string InputOf(LayerSite layer) => layer.Quantization is null ? layer.Tensor : layer.Tensor + RealSuffix;

    /// <summary>The bytes of the model from the layer to the scores; no outputs are declared.</summary>
    /// <param name="layer">Where to cut.</param>
    /// <param name="source">The scores.</param>
    /// <param name="input">The layer as an input: its real numbers, quantized in the slice where the layer is.</param>
    /// <exception cref="UnsupportedModelException">Something goes around the layer, so that its activations do not fix the scores.</exception>
    public byte[] After(LayerSite layer, ScoreSource source, ImageInput input)
    {
        Collect(layer, source);
        var body = new ProtoWriter();
        body.Message(11, Declare(input));
        if (layer.Quantization is { } quantization)
            body.Message(1, Quantize(input.Name, layer.Tensor, quantization));
        var slice = new ProtoWriter();
        var reader = new ProtoReader(model.Span);
        for (int start = 0; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field == 7 && type == WireType.Bytes)
            {
                CopyKept(reader.Message(), body);
                continue;
            }
            reader.Skip(type);
            slice.Raw(model.Span[start..reader.Position]);
        }
        return slice.Message(7, body).Written.ToArray();
    }

    private void Collect(LayerSite layer, ScoreSource source)
    {
        HashSet<string> inputs = [.. graph.Inputs.Select(i => i.Name)];
        string?[] roots = [source.Tensor, source.Quantization?.Scale, source.Quantization?.ZeroPoint, layer.Quantization?.Scale, layer.Quantization?.ZeroPoint];
        var open = new Stack<string>(roots.OfType<string>().Where(_tensors.Add));
        while (open.TryPop(out string? tensor))
        {
            if (tensor == layer.Tensor)
                continue;
            if (inputs.Contains(tensor))
                throw new UnsupportedModelException(
                    $"The network cannot be cut at the layer '{layer.Tensor}': its scores also depend on the picture by a way around that layer (a skip connection, or a branch). Choose a layer nearer to the scores.");
            if (graph.Initializer(tensor) is { } initializer)
                _kept.Add(initializer.Range.Start);
            else if (graph.Producer(tensor) is { } node && _kept.Add(node.Range.Start))
            {
                foreach (string name in node.Inputs.Concat(node.Captured).Where(name => name.Length > 0 && _tensors.Add(name)))
                    open.Push(name);
            }
        }
    }

    private void CopyKept(ProtoReader reader, ProtoWriter body)
    {
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            bool keep = type == WireType.Bytes && field switch
            {
                1 or 5 or 15 => _kept.Contains(reader.Peek().Start),
                2 => true,
                // Until IR version 4 an initializer must be an input too.
                11 => _tensors.Contains(ValueReader.Read(new ProtoReader(model.Span, reader.Peek())).Name),
                _ => false,
            };
            reader.Skip(type);
            if (keep)
                body.Raw(model.Span[start..reader.Position]);
        }
    }

    /// <summary>A ValueInfoProto; a free batch has no size.</summary>
    private static ProtoWriter Declare(ImageInput input)
    {
        var shape = new ProtoWriter();
        foreach (long size in input.Shape(input.Batch ?? 0, input.Height!.Value, input.Width!.Value))
            shape.Message(1, size > 0 ? new ProtoWriter().Int64(1, size) : new ProtoWriter().Text(2, "N"));
        ProtoWriter tensor = new ProtoWriter().Int64(1, (int)input.ElementType).Message(2, shape);
        return new ProtoWriter().Text(1, input.Name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    private static ProtoWriter Quantize(string real, string layer, Quantization quantization)
    {
        ProtoWriter node = new ProtoWriter().Text(1, real).Text(1, quantization.Scale);
        if (quantization.ZeroPoint is { } zero)
            node.Text(1, zero);
        return node.Text(2, layer).Text(4, "QuantizeLinear");
    }
}
