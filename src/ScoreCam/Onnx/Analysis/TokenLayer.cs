using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Chooses between the tensors of a transformer's last block. A head that pools patch tokens reads the tensor that
/// enters the pool: the sum that closes the block, or its norm. A head that reads a class token depends on the patch
/// tokens through the last attention only, so the input of that attention is chosen.
/// </summary>
/// <remarks>
/// Where a norm stands before the pool, the sum before the norm is no good layer: a norm ignores the length of a token,
/// so the products of activations and gradients add up to 0 at every place, and HiResCAM would be rounding noise.
/// </remarks>
internal sealed class TokenLayer(OnnxGraph graph, ImageFlow flow, LayerFinder finder)
{
    /// <param name="last">The last tensor whose patch tokens the scores read.</param>
    /// <param name="isBeforeAttention">Attention stands between it and the scores.</param>
    public DefaultChoice Choose(LayerSite last, bool isBeforeAttention)
    {
        LayerSite site = isBeforeAttention ? last : WithPrefix(last);
        return new(site, [.. Sums(site.Tensor).Where(sum => sum.Tensor != site.Tensor)]);
    }

    /// <summary>The tokens that a reshape, or a slice that leaves the prefix out, is made of.</summary>
    private LayerSite WithPrefix(LayerSite tokens)
    {
        while (graph.Producer(tokens.Tensor) is { } node && OnlyMoves(node)
            && node.Input(0) is { } input && finder.Site(input) is { IsTokens: true } before)
            tokens = before;
        return tokens;
    }

    private static bool OnlyMoves(OnnxNode node) =>
        Operators.IsShapeOnly(node) || Operators.IsConversion(node) || node.OpType is "Slice" or "Split";

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
