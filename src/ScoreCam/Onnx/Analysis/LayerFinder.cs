using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>Finds the tensors between the picture and the scores that hold activation maps.</summary>
internal sealed class LayerFinder
{
    private readonly OnnxGraph _graph;
    private readonly ImageFlow _flow;
    private readonly AxisTracer _tracer;
    private readonly TensorShapes _shapes;
    private readonly string _scores;

    /// <param name="graph">The network.</param>
    /// <param name="flow">The picture's way through it.</param>
    /// <param name="input">The image input.</param>
    /// <param name="layout">Where the input's channels stand.</param>
    /// <param name="scores">The scored tensor.</param>
    /// <param name="shapes">The shapes of its tensors.</param>
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

    /// <summary>Every tensor with maps or tokens on which the scores depend, in graph order.</summary>
    public IReadOnlyList<LayerSite> Sites { get; }

    /// <summary>What the axes of a tensor run over; null where that is not known.</summary>
    public IReadOnlyList<Axis>? Axes(string tensor) => _tracer[tensor];

    /// <summary>The shape of a tensor between the picture and the scores; null for every other one.</summary>
    public IReadOnlyList<long>? Shape(string tensor) =>
        _graph.Producer(tensor) is not null && _tracer[tensor] is not null ? _shapes[tensor] : null;

    /// <summary>The layer to explain where none is named, and what stood in the way where there is none.</summary>
    /// <param name="classes">
    /// Classes of the network: a last convolution with as many channels is the classifier.
    /// </param>
    public DefaultChoice Default(int classes) =>
        new DefaultLayer(_graph, _flow, _tracer, this, classes).Choose(_scores);

    /// <summary>A tensor as a layer; null where it holds no maps.</summary>
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
