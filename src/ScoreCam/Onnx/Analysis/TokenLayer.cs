using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Chooses between the tensors of a transformer's last block. A head that pools patch tokens reads the block's output:
/// the sum that closes it, without the norm that belongs to the head. A head that reads a class token sees the patch
/// tokens by the last attention only, so its input is the last that counts.
/// </summary>
internal sealed class TokenLayer(OnnxGraph graph, ImageFlow flow, LayerFinder finder)
{
    /// <param name="last">The last tensor whose patch tokens the scores read.</param>
    /// <param name="isBeforeAttention">Attention stands between it and the scores.</param>
    public DefaultChoice Choose(LayerSite last, bool isBeforeAttention)
    {
        LayerSite site = isBeforeAttention ? last : EndOfBlock(last) ?? last;
        return new(site, [.. Sums(site.Tensor).Where(sum => sum.Tensor != site.Tensor)]);
    }

    /// <summary>
    /// The sum that a norm, or a slice that leaves the prefix out, is computed from; null if there is none.
    /// </summary>
    private LayerSite? EndOfBlock(LayerSite last)
    {
        string? current = last.Tensor;
        while (current is not null && graph.Producer(current) is { } node)
        {
            if (SumOf(node) is { } sum)
                return sum;
            bool passes = Operators.IsShapeOnly(node) || Operators.IsConversion(node) || Operators.IsElementwise(node)
                || Operators.IsReduction(node) || node.OpType is "Slice" or "Split";
            current = passes ? Deepest(node) : null;
        }
        return null;
    }

    /// <summary>The sums that close the blocks before a tensor, last first.</summary>
    private IEnumerable<LayerSite> Sums(string tensor)
    {
        string? current = tensor;
        while (current is not null && flow[current] is not null && graph.Producer(current) is { } node)
        {
            if (SumOf(node) is { } sum)
                yield return sum;
            current = Deepest(node);
        }
    }

    /// <summary>The output of a node that adds two tensors of tokens; null for other nodes.</summary>
    private LayerSite? SumOf(OnnxNode node)
    {
        // ONNX Runtime's fused norm gives the sum as its fourth output.
        string? sum = node.OpType switch
        {
            "Add" or "Sum" => node.Outputs[0],
            "SkipLayerNormalization" or "SkipSimplifiedLayerNormalization" => node.Outputs.ElementAtOrDefault(3),
            _ => null,
        };
        if (sum is not { Length: > 0 } || finder.Site(sum) is not { } site)
            return null;
        int addends = flow.DataInputs(node).Distinct().Count(input => finder.Site(input)?.Shape == site.Shape);
        return addends > 1 ? site : null;
    }

    private string? Deepest(OnnxNode node) => flow.DataInputs(node).MaxBy(input => flow[input]!.Depth);
}
