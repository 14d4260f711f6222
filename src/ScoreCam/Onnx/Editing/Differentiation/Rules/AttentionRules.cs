using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>The operator Attention of opset 23, as vision transformers use it.</summary>
internal static class AttentionRules
{
    /// <summary>
    /// The inputs of the operator. The inputs from <see cref="Cache"/> on contain tokens of earlier runs.
    /// </summary>
    private const int Query = 0, Key = 1, Value = 2, Mask = 3, Cache = 4;

    public static IEnumerable<(string OpType, GradientRule Rule)> All => [("Attention", Attention)];

    /// <summary>
    /// y = P · V, P = softmax(s · Q · Kᵀ + mask), for each head. The gradient of V is Pᵀ · g. The gradient of the
    /// scaled scores is D = P ⊙ (g · Vᵀ − Σ P ⊙ (g · Vᵀ)). The gradient of Q is s · D · K, and the gradient of K is s ·
    /// Dᵀ · Q.
    /// </summary>
    private static void Attention(BackwardNode n)
    {
        Check(n);
        // [N, T, heads · size] or [N, heads, T, size].
        bool isFlat = n.Rank(Query) == 3;
        long heads = HeadsOf(n, Query, "q_num_heads");
        if (heads != HeadsOf(n, Key, "kv_num_heads"))
            throw n.Unsupported("several heads share a key; as many heads of keys as of queries were expected");
        long size = isFlat ? n.ShapeOf(Query)[2] / heads : n.ShapeOf(Query)[3];
        float scale = n.Node.Float("scale", 1 / MathF.Sqrt(size));

        (Term q, Term k, Term v) = (Split(n.X(Query)), Split(n.X(Key)), Split(n.X(Value)));
        Term g = Split(n.G);
        Term weights = Masked(n, q.MatMul(Transposed(k)) * scale).Emit("Softmax", OnnxAttribute.Of("axis", -1L));
        if (n.Needs(Value))
            n.Give(Value, Join(Transposed(weights).MatMul(g)));
        if (!n.Needs(Query) && !n.Needs(Key))
            return;
        Term byWeights = g.MatMul(Transposed(v));
        Term byScores = weights * (byWeights - (weights * byWeights).Sum(3)) * scale;
        if (n.Needs(Query))
            n.Give(Query, Join(byScores.MatMul(k)));
        if (n.Needs(Key))
            n.Give(Key, Join(Transposed(byScores).MatMul(q)));

        // 0 keeps the existing length, which can be free.
        Term Split(Term x) => isFlat ? x.Reshape(0, 0, heads, -1).Transpose(0, 2, 1, 3) : x;
        Term Join(Term x) => isFlat ? x.Transpose(0, 2, 1, 3).Reshape(0, 0, -1) : x;
    }

    private static void Check(BackwardNode n)
    {
        if (Enumerable.Range(Cache, 3).Any(input => n.Node.Input(input) is not null))
            throw n.Unsupported("it reads tokens of earlier runs");
        if (n.Node.Int("is_causal", 0) != 0)
            throw n.Unsupported("it is causal; only attention over all tokens has a rule");
        if (n.Node.Float("softcap", 0) != 0)
            throw n.Unsupported("it limits its scores (softcap)");
        if (n.Needs(Mask))
            throw n.Unsupported("its mask depends on the picture");
        if (Enumerable.Range(1, n.Node.Outputs.Count - 1).Any(output => n.GradientOf(output) is not null))
            throw n.Unsupported("the scores read more than its first output");
    }

    private static long HeadsOf(BackwardNode n, int input, string attribute) =>
        n.Rank(input) == 3 ? n.Node.Int(attribute, 1) : n.ShapeOf(input)[1];

    private static Term Masked(BackwardNode n, Term scores)
    {
        if (n.Node.Input(Mask) is not { } mask)
            return scores;
        Term given = n.X(Mask);
        return n.Graph.Tensors.Type(mask) == ElementType.Bool
            ? scores + given.Where(n.Graph.Constant(0), float.NegativeInfinity)
            : scores + given;
    }

    private static Term Transposed(Term matrices) => matrices.Transpose(0, 1, 3, 2);
}
