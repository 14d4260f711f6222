using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>Finds the tensors between the picture and the scores that contain activation maps.</summary>
internal sealed class LayerFinder
{
    private readonly OnnxGraph _graph;
    private readonly ImageFlow _flow;
    private readonly AxisTracer _tracer;
    private readonly TensorShapes _shapes;
    private readonly string _scores;

    /// <param name="graph">The network.</param>
    /// <param name="flow">The path of the picture through the network.</param>
    /// <param name="input">The image input.</param>
    /// <param name="layout">The layout of the input.</param>
    /// <param name="scores">The scored tensor.</param>
    /// <param name="shapes">The shapes of the network's tensors.</param>
    public LayerFinder(
        OnnxGraph graph, ImageFlow flow, string input, TensorLayout layout, string scores, TensorShapes shapes)
    {
        (_graph, _flow, _scores, _shapes) = (graph, flow, scores, shapes);
        _tracer = new AxisTracer(graph, shapes);
        _tracer.Start(input, layout);
        foreach (OnnxNode node in flow.Nodes)
            _tracer.Trace(node);
        HashSet<string> ancestors = graph.Ancestors(scores);
        IEnumerable<string> tensors = graph.Nodes.SelectMany(n => n.Outputs).Where(ancestors.Contains).Distinct();
        Sites = [.. tensors.Select(Site).OfType<LayerSite>()];
    }

    /// <summary>All tensors with maps or tokens on which the scores depend, in graph order.</summary>
    public IReadOnlyList<LayerSite> Sites { get; private set; }

    /// <summary>Adds a tensor of tokens with a given layout.</summary>
    /// <exception cref="ArgumentException">The tensor does not exist, or its shape does not fit.</exception>
    public LayerSite AddTokens(TokenLayout layout)
    {
        string tensor = layout.Layer;
        OnnxNode? node = _graph.Producer(tensor)
            ?? _graph.Nodes.FirstOrDefault(n => n.Name.Length > 0 && n.Name == tensor);
        if (node is not null && _graph.Producer(tensor) is null)
            tensor = node.Outputs[0];
        if (node is null || _flow[tensor] is not { } facts || _shapes[tensor] is not { } shape)
            throw new ArgumentException(
                $"ModelOptions.Tokens names the layer '{layout.Layer}', but no tensor of this name is between the "
                + "picture and the scores.");
        long positions = (long)layout.Height * layout.Width;
        bool fits = layout is { Height: > 0, Width: > 0, PrefixTokens: >= 0 } && positions > 1
            && shape.Count == 3 && shape[1] >= layout.PrefixTokens + positions;
        if (!fits)
            throw new ArgumentException(
                $"ModelOptions.Tokens gives the layer '{layout.Layer}' {layout.Height} × {layout.Width} positions "
                + $"after {layout.PrefixTokens} tokens, and the tensor has the shape [{string.Join(", ", shape)}]. "
                + "Expected [batch, tokens, channels] with at least as many tokens, and more than one position.");
        var features = new FeatureShape(
            FeatureLayout.Tokens,
            checked((int)shape[2]),
            layout.Height,
            layout.Width,
            layout.PrefixTokens,
            checked((int)(shape[1] - layout.PrefixTokens - positions)));
        LayerSite site = new() { Tensor = tensor, Node = node, Shape = features, Quantization = facts.Quantization };
        Sites = [.. Sites.Where(other => other.Tensor != tensor), site];
        return site;
    }

    /// <summary>Returns the last sums and norms that can contain tokens in an unknown layout, last first.</summary>
    public IEnumerable<(string Tensor, IReadOnlyList<long> Shape)> TokenCandidates(int count) =>
        _flow.Nodes.Where(node => node.OpType is "Add" or "LayerNormalization" or "SkipLayerNormalization")
            .Select(node => (Tensor: node.Outputs[0], Shape: _shapes[node.Outputs[0]] ?? []))
            .Where(tensor => tensor.Shape is [_, > 1, > 1]).Reverse().Take(count);

    /// <summary>Returns the axes of a tensor; null if they are unknown.</summary>
    public IReadOnlyList<Axis>? Axes(string tensor) => _tracer[tensor];

    /// <summary>Returns the shape of a tensor between the picture and the scores; null for other tensors.</summary>
    public IReadOnlyList<long>? Shape(string tensor) =>
        _graph.Producer(tensor) is not null && _tracer[tensor] is not null ? _shapes[tensor] : null;

    /// <summary>Returns the default layer. If there is none, the result describes the obstacle.</summary>
    /// <param name="classes">
    /// The number of classes. A last convolution with the same number of channels is the classifier.
    /// </param>
    public DefaultChoice Default(int classes) =>
        new DefaultLayer(_graph, _flow, _tracer, this, classes).Choose(_scores);

    /// <summary>Returns a tensor as a layer; null if it contains no maps.</summary>
    public LayerSite? Site(string tensor)
    {
        if (_graph.Producer(tensor) is not { } node || _flow[tensor] is not { } facts)
            return null;
        FeatureShape? shape = _tracer[tensor] is { } axes ? FeatureShape.Of(axes, _shapes[tensor]!) : null;
        return shape is null
            ? null
            : new() { Tensor = tensor, Node = node, Shape = shape, Quantization = facts.Quantization };
    }
}
