using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The default layer.</summary>
/// <param name="Site">The layer; null if there is none.</param>
/// <param name="Earlier">For tokens, the layers of earlier blocks, last first; null otherwise.</param>
internal sealed record DefaultChoice(LayerSite? Site, IReadOnlyList<LayerSite>? Earlier = null);

/// <summary>
/// Walks back from the scores along the main data path to the end of the last convolutional block. It passes the
/// classifier, pooling and nodes that only reshape.
/// </summary>
internal sealed class DefaultLayer(OnnxGraph graph, ImageFlow flow, AxisTracer tracer, LayerFinder finder, int classes)
{
    private enum Kind
    {
        /// <summary>Reshapes or pools.</summary>
        Structural,

        /// <summary>Stores the same numbers in another form.</summary>
        Conversion,

        /// <summary>An activation, bias or normalisation. It counts as the kind of the node that it follows.</summary>
        Elementwise,

        /// <summary>
        /// A Gemm, MatMul or Conv that computes the scores, or that is between the scores and the features.
        /// </summary>
        Classifier,

        Feature,
    }

    /// <summary>The progress of the walk.</summary>
    private enum Stage
    {
        AtScores,
        PastClassifier,

        /// <summary>
        /// Past the node that turns a map into a vector. A product before this node belongs to the features, as in
        /// ConvNeXt.
        /// </summary>
        PastPooling,
        AtFeatures,
    }

    public DefaultChoice Choose(string scores)
    {
        LayerSite? first = Candidates(scores, out Dictionary<LayerSite, int> attentions).FirstOrDefault();
        // The walk passed more than the attention of the last block, so the layout of the tokens after it is unknown.
        if (first is null || attentions[first] > 1)
            return new(null);
        if (!first.IsTokens)
            return new(first);
        return MapBehind(first) is { } map
            ? new(map)
            : new TokenLayer(graph, flow, finder).Choose(first, isBeforeAttention: attentions[first] > 0);
    }

    /// <summary>
    /// Returns tensors in the order in which the default is searched. Tensors of the classifier and of pooling come
    /// last.
    /// </summary>
    private List<LayerSite> Candidates(string scores, out Dictionary<LayerSite, int> attentions)
    {
        attentions = [];
        List<LayerSite> features = [], rest = [], dequantized = [], following = [];
        Stage stage = Stage.AtScores;
        var pooling = new PoolingEnd(graph, flow, tracer);
        var attention = new AttentionEnd(flow, tracer);
        foreach ((string tensor, OnnxNode node) in MainPath(scores))
        {
            Kind kind = KindOf(node, stage);
            bool belongsToPooling = pooling.Takes(tensor, node) && stage != Stage.AtFeatures;
            LayerSite? site = finder.Site(tensor);
            bool isRead = attention.Reads(tensor, node, site is { IsTokens: false });
            List<LayerSite> target = rest;
            switch (kind)
            {
                case Kind.Conversion when node.OpType == "DequantizeLinear":
                    target = dequantized;
                    break;
                // Windows or tokens that are arranged as a picture again are the features of the block that they end.
                case Kind.Structural when MakesMap(tensor, node):
                    target = following;
                    break;
                case Kind.Structural:
                    Move(dequantized, rest);
                    break;
                case Kind.Elementwise when belongsToPooling:
                    break;
                case Kind.Elementwise:
                    Move(dequantized, target = following);
                    break;
                case Kind.Classifier:
                    Move(following, rest);
                    Move(dequantized, rest);
                    break;
                case Kind.Feature:
                    target = features;
                    Move(following, features);
                    Move(dequantized, features);
                    break;
            }
            if (isRead && flow[tensor] is { Learned: true } && site is not null)
            {
                target.Add(site);
                attentions[site] = attention.Passed;
            }
            stage = After(stage, node, kind);
        }
        return [.. features, .. following, .. dequantized, .. rest];
    }

    private static void Move(List<LayerSite> from, List<LayerSite> to)
    {
        to.AddRange(from);
        from.Clear();
    }

    /// <summary>Returns the path from the scores back to the picture.</summary>
    private IEnumerable<(string Tensor, OnnxNode Node)> MainPath(string scores)
    {
        string? current = scores;
        // A tensor that depends on the picture is not part of a cycle, so the loop ends.
        while (current is not null && flow[current] is not null && graph.Producer(current) is { } node)
        {
            yield return (current, node);
            current = Main(node);
        }
    }

    /// <summary>
    /// Chooses the input to follow. Where paths join, it is the deepest path; at a gate, the path that existed first;
    /// in a fraction, the numerator; in a weighted sum over positions, the weighted tensor. A mirrored branch or a
    /// tensor without positions is followed only if there is no other.
    /// </summary>
    private string? Main(OnnxNode node)
    {
        List<string> inputs = [.. flow.DataInputs(node)];
        Keep(inputs, HasPositions);
        Keep(inputs, t => !IsMirrored(t));
        if (inputs.Count > 1 && Operators.IsMatMul(node))
            Keep(inputs, t => !AttentionEnd.IsDistribution(graph, t));
        if (inputs.Count > 1 && node.OpType == "Div" && inputs.Contains(node.Inputs[0]))
            return node.Inputs[0];
        return Operators.IsGate(node) ? inputs.MinBy(t => flow[t]!.Depth) : inputs.MaxBy(t => flow[t]!.Depth);
    }

    private bool MakesMap(string tensor, OnnxNode node) =>
        Operators.IsShapeOnly(node) && finder.Site(tensor) is { IsTokens: false }
        && node.Input(0) is { } input && flow[input] is { Learned: true }
        && finder.Site(input) is not { IsTokens: false };

    private static void Keep(List<string> inputs, Predicate<string> wanted)
    {
        if (inputs.Exists(wanted))
            inputs.RemoveAll(t => !wanted(t));
    }

    private bool HasPositions(string tensor) => tracer[tensor] is not { } axes || axes.Any(a => a.HasPositions);

    private bool IsMirrored(string tensor) =>
        tracer[tensor] is { } axes && axes.Any(a => a.Outermost is { IsPosition: true, IsUpright: false });

    /// <summary>
    /// Returns the map from which tokens were made, if no learned node is between them, as in attention that only pools
    /// a map.
    /// </summary>
    private LayerSite? MapBehind(LayerSite tokens)
    {
        string? current = tokens.Tensor;
        while (current is not null && graph.Producer(current) is { } node)
        {
            if (finder.Site(current) is { IsTokens: false } map)
                return flow[current]!.Learned ? map : null;
            List<string> inputs = [.. flow.DataInputs(node).Where(HasPositions)];
            bool onlyMoves = Operators.IsShapeOnly(node) || Operators.IsConversion(node)
                || Operators.IsElementwise(node) || node.OpType is "Concat" or "Slice" or "Split";
            bool isNormalisation = node.OpType is "Div" or "Sub";
            if (!onlyMoves || inputs.Count == 0 || (inputs.Distinct().Count() > 1 && !isNormalisation))
                return null;
            current = isNormalisation ? inputs[0] : inputs.MaxBy(t => flow[t]!.Depth);
        }
        return null;
    }

    private Kind KindOf(OnnxNode node, Stage stage)
    {
        if (Operators.IsGemm(node))
            return Kind.Classifier;
        if (Operators.IsMatMul(node))
            return stage < Stage.PastPooling ? Kind.Classifier : Kind.Feature;
        if (Operators.IsConvolution(node))
            return stage == Stage.AtScores && Channels(node) == classes ? Kind.Classifier : Kind.Feature;
        if (Operators.IsConversion(node))
            return Kind.Conversion;
        if (Operators.IsShapeOnly(node) || Operators.IsPool(node))
            return Kind.Structural;
        if (Operators.IsReduction(node) || Operators.IsLabelling(node))
            return Kind.Structural;
        return Operators.IsElementwise(node) ? Kind.Elementwise : Kind.Feature;
    }

    private static Stage After(Stage stage, OnnxNode node, Kind kind) => kind switch
    {
        Kind.Feature => Stage.AtFeatures,
        Kind.Classifier when stage == Stage.AtScores => Stage.PastClassifier,
        Kind.Structural when stage == Stage.PastClassifier && !KeepsMap(node) => Stage.PastPooling,
        _ => stage,
    };

    private static bool KeepsMap(OnnxNode node) => node.OpType is "Identity" or "Transpose" or "Dropout" or "Unsqueeze";

    /// <summary>
    /// Returns the number of channels that a convolution produces; null if the shape of its weights is unknown.
    /// </summary>
    private long? Channels(OnnxNode convolution) =>
        Constants.Shape(graph, Operators.Weights(convolution)) is { Count: > 0 } shape ? shape[0] : null;
}
