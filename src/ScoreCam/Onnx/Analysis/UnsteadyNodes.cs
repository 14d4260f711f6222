using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The reasons why a network can give different answers for the same picture.</summary>
/// <param name="BatchMatters">
/// Whether the pictures of a batch influence each other's scores, so that they must be run one at a time.
/// </param>
/// <param name="Warnings">The warnings for the reader.</param>
internal sealed record Unsteadiness(bool BatchMatters, IReadOnlyList<string> Warnings);

/// <summary>Finds nodes that are in training mode, draw random numbers, or read the whole batch.</summary>
internal static class UnsteadyNodes
{
    public static Unsteadiness Find(OnnxGraph graph, string scores)
    {
        HashSet<string> ancestors = graph.Ancestors(scores);
        List<OnnxNode> nodes = [.. graph.Nodes.Where(n => n.Outputs.Any(ancestors.Contains))];
        List<OnnxNode> norms = nodes.FindAll(n => IsTrainingNorm(graph, n));
        List<OnnxNode> dropouts = nodes.FindAll(n => IsTrainingDropout(graph, n));
        List<OnnxNode> random = nodes.FindAll(DrawsNumbers);
        bool quantizesByBatch = nodes.Exists(n => n.OpType.StartsWith("DynamicQuantize", StringComparison.Ordinal));

        List<string> warnings = [];
        if (norms.Count > 0)
            warnings.Add($"{norms.Count} BatchNormalization nodes are in training mode, so that a score depends on the "
                + "other pictures of a batch. Pictures are run one at a time. Export the model in evaluation mode.");
        if (dropouts.Count > 0)
            warnings.Add("Dropout is in training mode, so that the same picture gets other scores in every run. "
                + "Export the model in evaluation mode.");
        if (random.Count > 0)
        {
            string names = string.Join(", ", random.Select(n => n.OpType).Distinct());
            warnings.Add($"The network draws random numbers ({names}), so that the same picture gets other scores in "
                + "every run.");
        }
        if (quantizesByBatch)
            warnings.Add("The network quantises activations by the values of a whole batch (DynamicQuantizeLinear). "
                + "Pictures are run one at a time.");
        return new(norms.Count > 0 || quantizesByBatch, warnings);
    }

    private static bool DrawsNumbers(OnnxNode node) =>
        node.OpType.StartsWith("Random", StringComparison.Ordinal) || node.OpType is "Bernoulli" or "Multinomial";

    private static bool IsTrainingNorm(OnnxGraph graph, OnnxNode node)
    {
        if (node is not { OpType: "BatchNormalization", Domain: "" })
            return false;
        // Before opset 14, the number of outputs shows the mode: the training outputs follow the first output.
        return graph.OpsetImports.GetValueOrDefault("") >= 14
            ? node.Int("training_mode", 0) == 1
            : node.Outputs.Count(output => output.Length > 0) > 1;
    }

    private static bool IsTrainingDropout(OnnxGraph graph, OnnxNode node) =>
        node.OpType == "Dropout" && node.Input(2) is { } mode && Constants.Scalar(graph, mode) is > 0
        && Constants.Scalar(graph, node.Input(1)) is not 0;
}
