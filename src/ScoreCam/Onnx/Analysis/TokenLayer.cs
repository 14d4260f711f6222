using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>
/// Chooses between the tensors of a transformer's last block. A head that pools patch tokens reads the tensor that
/// enters the pool: the sum that ends the block, or the norm of this sum. A head that reads a class token depends on
/// the patch tokens only through the last attention, so the input of this attention is chosen.
/// </summary>
/// <remarks>
/// If there is a norm before the pool, the sum before the norm is not a suitable layer. A norm ignores the length of a
/// token, so the products of activations and gradients sum to 0 at every position, and HiResCAM would show only
/// rounding noise.
/// </remarks>
internal sealed class TokenLayer(OnnxGraph graph, ImageFlow flow, LayerFinder finder)
{
    /// <param name="last">The last tensor whose patch tokens the scores read.</param>
    /// <param name="isBeforeAttention">Whether there is an attention between it and the scores.</param>
    public DefaultChoice Choose(LayerSite last, bool isBeforeAttention)
    {
        LayerSite site = isBeforeAttention ? last : WithPrefix(last);
        return new(site, [.. Sums(site.Tensor).Where(sum => sum.Tensor != site.Tensor)]);
    }

    /// <summary>Returns the tokens before a reshape, or before a slice that removes the prefix.</summary>
    private LayerSite WithPrefix(LayerSite tokens)
    {
        while (graph.Producer(tokens.Tensor) is { } node && OnlyMoves(node)
            && node.Input(0) is { } input && finder.Site(input) is { IsTokens: true } before)
            tokens = before;
        return tokens;
    }

    private static bool OnlyMoves(OnnxNode node) =>
        Operators.IsShapeOnly(node) || Operators.IsConversion(node) || node.OpType is "Slice" or "Split";

    /// <summary>Returns the sums that end the blocks before a tensor, last first.</summary>
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

    /// <summary>Returns the output of a node that adds two tensors of tokens; null for other nodes.</summary>
    private LayerSite? SumOf(OnnxNode node)
    {
        // ONNX Runtime's fused norm returns the sum as its fourth output.
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
