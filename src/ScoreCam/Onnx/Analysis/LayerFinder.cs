using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>Finds the tensors between the image and the scores.</summary>
internal static class LayerFinder
{
    /// <summary>Every tensor that depends on the image and on which the scores depend, in graph order. Shapes are not known here.</summary>
    /// <exception cref="UnsupportedModelException">The layout of the input cannot be told.</exception>
    public static IReadOnlyList<LayerSite> Explainable(OnnxGraph graph, ScoreSource source, string input, TensorLayout? layout = null)
    {
        var flow = new ImageFlow(graph, input, layout ?? InputLayout.Find(graph, input));
        HashSet<string> ancestors = graph.Ancestors(source.Tensor);
        return [.. graph.Nodes.SelectMany(n => n.Outputs).Where(ancestors.Contains).Distinct().Select(t => Site(graph, flow, t)).OfType<LayerSite>()];
    }

    /// <summary>Where to look for the default layer, best first: the first of these with more than one place is the one.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="source">What is scored.</param>
    /// <param name="input">Name of the image input.</param>
    /// <param name="classes">Classes of the network: a last convolution with as many channels is the classifier.</param>
    /// <param name="layout">Layout of the input; null to find it.</param>
    /// <exception cref="UnsupportedModelException">The layout of the input cannot be told.</exception>
    public static IReadOnlyList<LayerSite> DefaultCandidates(OnnxGraph graph, ScoreSource source, string input, int classes, TensorLayout? layout = null)
    {
        var flow = new ImageFlow(graph, input, layout ?? InputLayout.Find(graph, input));
        return [.. new DefaultLayer(graph, flow, classes).Candidates(source.Tensor).Select(t => Site(graph, flow, t)).OfType<LayerSite>()];
    }

    private static LayerSite? Site(OnnxGraph graph, ImageFlow flow, string tensor) =>
        graph.Producer(tensor) is { } node && flow[tensor] is { } facts
            ? new LayerSite { Tensor = tensor, Node = node, Layout = facts.Layout, Quantization = facts.Quantization, CertainlyNotSpatial = facts.CertainlyNotSpatial }
            : null;
}
