using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Walks back from the scores along the main data path, past the classifier, pooling and everything that only reshapes,
/// to the end of the last convolutional block.
/// </summary>
internal sealed class DefaultLayer(OnnxGraph graph, ImageFlow flow, int classes)
{
    private enum Kind
    {
        /// <summary>Reshapes or pools.</summary>
        Structural,

        /// <summary>Stores the same numbers in another way.</summary>
        Conversion,

        /// <summary>Activation, bias, normalisation: counts as what it follows.</summary>
        Elementwise,

        /// <summary>Gemm, MatMul or Conv that makes the scores, or stands between them and the features.</summary>
        Classifier,

        Feature,
    }

    /// <summary>How far back the walk is.</summary>
    private enum Stage
    {
        AtScores,
        PastClassifier,

        /// <summary>Past what makes a vector of a map: a product before it belongs to the features, as in ConvNeXt.</summary>
        PastPooling,
        AtFeatures,
    }

    /// <summary>Tensors in the order in which the default is looked for; those of the classifier and of pooling come last, in case nothing else is a map.</summary>
    public List<string> Candidates(string scores)
    {
        List<string> features = [], rest = [], dequantized = [], following = [];
        Stage stage = Stage.AtScores;
        foreach ((string tensor, OnnxNode node) in MainPath(scores))
        {
            Kind kind = KindOf(node, stage);
            List<string> target = rest;
            switch (kind)
            {
                case Kind.Conversion when node.OpType == "DequantizeLinear":
                    target = dequantized;
                    break;
                case Kind.Structural:
                    Move(dequantized, rest);
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
            if (flow[tensor] is { CertainlyNotSpatial: false, Learned: true })
                target.Add(tensor);
            stage = After(stage, node, kind);
        }
        return [.. features, .. following, .. dequantized, .. rest];
    }

    private static void Move(List<string> from, List<string> to)
    {
        to.AddRange(from);
        from.Clear();
    }

    /// <summary>From the scores back to the image. Where paths join, the deepest is followed; at a gate, the one that was there first.</summary>
    private IEnumerable<(string Tensor, OnnxNode Node)> MainPath(string scores)
    {
        string? current = scores;
        // A tensor that depends on the image is no part of a cycle, so this ends.
        while (current is not null && flow[current] is not null && graph.Producer(current) is { } node)
        {
            yield return (current, node);
            List<string> inputs = [.. flow.DataInputs(node)];
            if (inputs.Exists(t => !flow[t]!.CertainlyNotSpatial))
                inputs.RemoveAll(t => flow[t]!.CertainlyNotSpatial);
            current = Operators.IsGate(node) ? inputs.MinBy(t => flow[t]!.Depth) : inputs.MaxBy(t => flow[t]!.Depth);
        }
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
        if (Operators.IsShapeOnly(node) || Operators.IsPool(node) || Operators.IsReduction(node) || Operators.IsLabelling(node))
            return Kind.Structural;
        return Operators.IsElementwise(node) ? Kind.Elementwise : Kind.Feature;
    }

    private static Stage After(Stage stage, OnnxNode node, Kind kind) => kind switch
    {
        Kind.Feature => Stage.AtFeatures,
        Kind.Classifier when stage == Stage.AtScores => Stage.PastClassifier,
        Kind.Structural when stage == Stage.PastClassifier && node.OpType is not ("Identity" or "Transpose" or "Dropout" or "Unsqueeze") => Stage.PastPooling,
        _ => stage,
    };

    /// <summary>Channels that a convolution makes; null where the shape of its weights is not known.</summary>
    private long? Channels(OnnxNode convolution) => Constants.Shape(graph, Operators.Weights(convolution)) is { Count: > 0 } shape ? shape[0] : null;
}
