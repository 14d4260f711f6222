using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Gemm, MatMul and Einsum.</summary>
internal static class MatrixRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
        [("Gemm", Gemm), ("MatMul", MatMul), ("Einsum", Einsum)];

    /// <summary>
    /// y = α · A' · B' + β · C, where ' transposes if transA or transB is set. The gradient of A' is α · g · B'ᵀ, and
    /// the gradient of B' is α · A'ᵀ · g. A transposed input gets the transposed product.
    /// </summary>
    private static void Gemm(BackwardNode n)
    {
        bool transA = n.Node.Int("transA", 0) != 0, transB = n.Node.Int("transB", 0) != 0;
        float alpha = n.Node.Float("alpha", 1);
        if (n.Needs(0))
            n.Give(0, transA ? Product(n.X(1), n.G, transB, true) : Product(n.G, n.X(1), false, !transB));
        if (n.Needs(1))
            n.Give(1, transB ? Product(n.G, n.X(0), true, transA) : Product(n.X(0), n.G, !transA, false));
        n.GiveBroadcast(2, () => n.G * n.Node.Float("beta", 1));

        Term Product(Term a, Term b, bool transposeA, bool transposeB) => n.Graph.Emit(
            "Gemm", [a, b], OnnxAttribute.Of("alpha", alpha), OnnxAttribute.Of("transA", transposeA ? 1L : 0),
            OnnxAttribute.Of("transB", transposeB ? 1L : 0));
    }

    /// <summary>
    /// y = A · B: g · Bᵀ and Aᵀ · g, summed over the batch dimensions along which a matrix was repeated.
    /// </summary>
    private static void MatMul(BackwardNode n)
    {
        int rankA = n.Rank(0), rankB = n.Rank(1);
        if (rankA < 2 || rankB < 2)
            throw n.Unsupported("one of its inputs is a vector");
        int rank = Math.Max(rankA, rankB);
        long[] a = Padded(n.ShapeOf(0), rank), b = Padded(n.ShapeOf(1), rank), y = n.OutputShape;
        if (n.Needs(0))
        {
            (Term right, float scale) = Patterns.Unscaled(n, 1);
            Term product = rankA == 2 && rankB == 2
                ? n.Graph.Emit("Gemm", [n.G, right], OnnxAttribute.Of("transB", 1L))
                : n.G.MatMul(Transposed(right, rankB));
            n.Give(0, n.Unbroadcast(product * scale, [.. y[..^1], a[^1]], n.ShapeOf(0)));
        }
        if (n.Needs(1))
        {
            (Term left, float scale) = Patterns.Unscaled(n, 0);
            Term product = Transposed(left, rankA).MatMul(n.G);
            n.Give(1, n.Unbroadcast(product * scale, [.. y[..^2], b[^2], y[^1]], n.ShapeOf(1)));
        }
    }

    private static long[] Padded(long[] dims, int rank) => [.. Enumerable.Repeat(1L, rank - dims.Length), .. dims];

    private static Term Transposed(Term matrix, int rank)
    {
        long[] permutation = [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        (permutation[^1], permutation[^2]) = (permutation[^2], permutation[^1]);
        return matrix.Transpose(permutation);
    }

    /// <summary>
    /// y = einsum("a,b→y"): the gradient of a is einsum("y,b→a"), and the gradient of b is einsum("y,a→b").
    /// </summary>
    private static void Einsum(BackwardNode n)
    {
        string[] sides = n.Node.Text("equation", "").Replace(" ", "").Split("->");
        string[] inputs = sides[0].Split(',');
        if (sides.Length != 2 || inputs.Length > 2 || sides.Concat(inputs).Any(part => part.Contains('.')))
            throw n.Unsupported($"the equation '{n.Node.Text("equation", "")}' has no rule");
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!n.Needs(i))
                continue;
            string mine = inputs[i];
            string[] others = [sides[1], .. inputs.Where((_, k) => k != i)];
            // A letter that only this input has was summed over, so the gradient is repeated along it.
            if (mine.Distinct().Count() < mine.Length || mine.Any(letter => !string.Concat(others).Contains(letter)))
                throw n.Unsupported($"the equation '{n.Node.Text("equation", "")}' has no rule");
            Term[] terms = [n.G, .. inputs.Select((_, k) => n.X(k)).Where((_, k) => k != i)];
            string equation = $"{string.Join(',', others)}->{mine}";
            n.Give(i, n.Graph.Emit("Einsum", terms, OnnxAttribute.Of("equation", equation)));
        }
    }
}
