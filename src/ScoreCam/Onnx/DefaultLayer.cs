namespace ScoreCam.Onnx;

/// <summary>
/// Walks back from the scores along the main data path, past the classifier, pooling and everything that only reshapes,
/// to the end of the last convolutional block.
/// </summary>
internal sealed class DefaultLayer(OnnxGraph graph, ImageFlow flow, int classes)
{
    private enum Kind
    {
        /// <summary>Reshapes, pools or converts.</summary>
        Structural,

        /// <summary>Gemm, MatMul or Conv that makes the scores, or stands between it and the features.</summary>
        Classifier,

        /// <summary>Activation, bias, normalisation: belongs to whatever stands before it.</summary>
        Elementwise,

        Feature,
    }

    /// <summary>Tensors in the order in which the default is looked for; those of the classifier and of pooling come last, in case nothing else is a map.</summary>
    public List<string> Candidates(string scores)
    {
        List<(string Tensor, OnnxNode Node)> path = MainPath(scores);
        List<string> features = [], rest = [];
        var progress = new Progress();
        for (int i = 0; i < path.Count; i++)
        {
            TensorFacts facts = flow[path[i].Tensor]!;
            Kind kind = KindOf(path[i].Node, progress);
            if (!facts.CertainlyNotSpatial && facts.Learned)
                (IsFeature(path, i, progress) ? features : rest).Add(path[i].Tensor);
            progress = progress.After(path[i].Node, kind);
        }
        return [.. features, .. rest];
    }

    /// <summary>From the scores back to the image. Where paths join, the deepest is followed; at a gate, the one that was there first.</summary>
    private List<(string Tensor, OnnxNode Node)> MainPath(string scores)
    {
        List<(string, OnnxNode)> path = [];
        HashSet<string> seen = [];
        string? current = scores;
        while (current is not null && seen.Add(current) && flow[current] is not null && graph.Producer(current) is { } node)
        {
            path.Add((current, node));
            List<string> inputs = [.. flow.DataInputs(node)];
            if (inputs.Exists(t => !flow[t]!.CertainlyNotSpatial))
                inputs.RemoveAll(t => flow[t]!.CertainlyNotSpatial);
            current = Operators.IsGate(node) ? inputs.MinBy(t => flow[t]!.Depth) : inputs.MaxBy(t => flow[t]!.Depth);
        }
        return path;
    }

    /// <summary>Whether this tensor is the output of a block of features, and not of the classifier or of pooling.</summary>
    private bool IsFeature(List<(string Tensor, OnnxNode Node)> path, int index, Progress progress)
    {
        // A dequantized tensor is what was quantized.
        while (path[index].Node.OpType == "DequantizeLinear" && index + 1 < path.Count)
            for (index++; path[index].Node.OpType == "QuantizeLinear" && index + 1 < path.Count;)
                index++;
        Kind kind = KindOf(path[index].Node, progress);
        if (kind != Kind.Elementwise)
            return kind == Kind.Feature;
        // An activation or bias belongs to the classifier if the classifier is what it follows.
        for (; index < path.Count; index++)
        {
            kind = KindOf(path[index].Node, progress);
            if (kind is Kind.Classifier or Kind.Feature)
                return kind == Kind.Feature;
            progress = progress.After(path[index].Node, kind);
        }
        return true;
    }

    private Kind KindOf(OnnxNode node, Progress progress)
    {
        if (Operators.IsGemm(node))
            return Kind.Classifier;
        if (Operators.IsMatMul(node))
            return !progress.AtFeatures || (!progress.PastClassifier && Makes(node) == classes) ? Kind.Classifier : Kind.Feature;
        if (Operators.IsConvolution(node))
            return !progress.PastClassifier && Makes(node) == classes ? Kind.Classifier : Kind.Feature;
        if (Operators.IsShapeOnly(node) || Operators.IsConversion(node) || Operators.IsPool(node) || Operators.IsReduction(node) || Operators.IsLabelling(node))
            return Kind.Structural;
        return Operators.IsElementwise(node) ? Kind.Elementwise : Kind.Feature;
    }

    /// <summary>Channels or features that come out; null where the weights' shape is not known.</summary>
    private long? Makes(OnnxNode node) => Constants.Shape(graph, Operators.Weights(node)) is { Count: > 0 } shape
        ? (Operators.IsMatMul(node) ? shape[^1] : node.OpType.EndsWith("ConvTranspose", StringComparison.Ordinal) ? shape[Math.Min(1, shape.Count - 1)] * node.Int("group", 1) : shape[0])
        : null;

    /// <summary>How far back the walk is.</summary>
    /// <param name="PastClassifier">A classifier was passed, or features: what comes now is none.</param>
    /// <param name="AtFeatures">And after it what makes a vector of a map: products before that are part of the features, as in ConvNeXt.</param>
    private readonly record struct Progress(bool PastClassifier, bool AtFeatures)
    {
        public Progress After(OnnxNode node, Kind kind)
        {
            bool vectorises = Operators.IsPool(node) || Operators.IsReduction(node) || node.OpType is "Flatten" or "Reshape" or "Squeeze";
            return new Progress(PastClassifier || kind is Kind.Classifier or Kind.Feature, AtFeatures || kind == Kind.Feature || (PastClassifier && vectorises));
        }
    }
}
