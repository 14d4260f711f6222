using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>
/// Functions that exporters write as several nodes: Swish, Gelu, layer normalisation and scaled products. ONNX Runtime
/// fuses these nodes if no other node reads the tensors between them. Therefore their gradients are computed from the
/// input of the whole pattern. The forward pass keeps its speed and stays bit-identical.
/// </summary>
internal static class Patterns
{
    /// <summary>Tries the patterns that end with a product.</summary>
    public static bool TryProduct(BackwardNode n) => TrySwish(n) || TryGelu(n);

    /// <summary>x · sigmoid(x): g · (s + y · (1 − s)).</summary>
    private static bool TrySwish(BackwardNode n)
    {
        for (int i = 0; i < 2; i++)
        {
            (string s, string x) = (n.Node.Inputs[i], n.Node.Inputs[1 - i]);
            if (n.Producer(s) is not { OpType: "Sigmoid" } sigmoid || sigmoid.Inputs[0] != x || n.Graph.IsWanted(s))
                continue;
            Term rest = ActivationRules.OneMinusSigmoid(n, n.Graph.Tensor(x), n.Graph.Tensor(s));
            n.Give(1 - i, n.G * (n.Graph.Tensor(s) + (n.Y * rest)));
            return true;
        }
        return false;
    }

    /// <summary>
    /// a · x · (1 + erf(k · x)), with a = ½ and k = 1/√2 for Gelu: a · g · (1 + erf(k · x) + x · 2k/√π · exp(−k² ·
    /// x²)).
    /// </summary>
    private static bool TryGelu(BackwardNode n)
    {
        float a = 1;
        List<string> factors = [];
        CollectFactors(n, n.Node, ref a, factors);
        for (int i = 0; i < 2 && factors.Count == 2; i++)
        {
            string x = factors[1 - i];
            if (BeforeAddingOne(n, factors[i]) is not { OpType: "Erf" } erf || Factor(n, erf.Inputs[0], x) is not { } k)
                continue;
            Term input = n.Graph.Tensor(x);
            Term bell = (input * input * (-k * k)).Exp() * (float)(2 * k / Math.Sqrt(Math.PI));
            n.GiveTo(x, n.G * ((input * k).Emit("Erf") + 1f + (input * bell)) * a);
            return true;
        }
        return false;
    }

    /// <summary>
    /// Matches (x − mean x) / √(mean (x − mean x)² + ε) over the last axes. Returns false for other quotients.
    /// </summary>
    public static bool TryLayerNormalization(BackwardNode n)
    {
        string centred = n.Node.Inputs[0];
        if (n.Producer(centred) is not { OpType: "Sub" } sub || Inner(n, n.Node.Inputs[1], "Sqrt") is not { } root
            || Inner(n, root.Inputs[0], "Add") is not { } sum)
            return false;
        int constant = n.Graph.Tensors.Reals(sum.Inputs[0]) is [_] ? 0 : 1;
        if (n.Graph.Tensors.Reals(sum.Inputs[constant]) is not [var epsilon]
            || Inner(n, sum.Inputs[1 - constant], "ReduceMean") is not { } variance
            || n.Producer(variance.Inputs[0]) is not { } square || !IsSquareOf(n, square, centred)
            || Inner(n, sub.Inputs[1], "ReduceMean") is not { } mean || mean.Inputs[0] != sub.Inputs[0])
            return false;
        string x = sub.Inputs[0];
        bool isRead = n.Graph.Tensors.Graph.Consumers(centred).Any(node => node != square && node != n.Node);
        int rank = n.Graph.Tensors.Rank(x);
        long[]? axes = ReductionRules.Axes(n, mean, rank);
        bool areLast = axes is not null && axes.SequenceEqual(ReductionRules.Axes(n, variance, rank) ?? [])
            && axes.Order().SequenceEqual(Enumerable.Range(rank - axes.Length, axes.Length).Select(i => (long)i));
        if (isRead || n.Graph.IsWanted(centred) || !areLast || mean.Int("keepdims", 1) == 0)
            return false;
        n.GiveTo(x, NormalizationRules.Standardised(n, n.G, x, rank - axes!.Length, epsilon));
        return true;
    }

    /// <summary>
    /// Returns the input of a layer normalisation. If no other node reads the input, which is a sum, the sum is
    /// computed again as a Sum node. ONNX Runtime does not confuse it with the Add that it fuses with the
    /// normalisation.
    /// </summary>
    public static Term Reread(BackwardNode n, string x)
    {
        // A normalisation made of several nodes reads its input twice: for the mean, and to subtract the mean.
        bool isWritten = n.Node.OpType != "LayerNormalization";
        int readers = n.Graph.Tensors.Graph.Consumers(x).Count;
        bool isInner = readers == (isWritten ? 2 : 1) && !n.Graph.IsWanted(x);
        if (!isInner || n.Producer(x) is not { OpType: "Add" } sum)
            return n.Graph.Tensor(x);
        return n.Graph.Emit("Sum", [n.Graph.Tensor(sum.Inputs[0]), n.Graph.Tensor(sum.Inputs[1])]);
    }

    /// <summary>For an input A · s with a constant s, returns A and s.</summary>
    public static (Term Matrix, float Scale) Unscaled(BackwardNode n, int input)
    {
        if (n.Producer(n.Node.Inputs[input]) is { OpType: "Mul" or "Div" } node)
        {
            if (n.Graph.Tensors.Reals(node.Inputs[1]) is [var second])
                return (n.Graph.Tensor(node.Inputs[0]), node.OpType == "Mul" ? second : 1 / second);
            if (node.OpType == "Mul" && n.Graph.Tensors.Reals(node.Inputs[0]) is [var first])
                return (n.Graph.Tensor(node.Inputs[1]), first);
        }
        return (n.X(input), 1);
    }

    /// <summary>Splits nested products into constants and other factors.</summary>
    private static void CollectFactors(BackwardNode n, OnnxNode product, ref float constant, List<string> factors)
    {
        foreach (string input in product.Inputs)
        {
            if (n.Graph.Tensors.Reals(input) is [var value])
                constant *= value;
            else if (Inner(n, input, "Mul") is { } inner)
                CollectFactors(n, inner, ref constant, factors);
            else
                factors.Add(input);
        }
    }

    /// <summary>Returns the node to whose output 1 is added, if no other node reads the output or the sum.</summary>
    private static OnnxNode? BeforeAddingOne(BackwardNode n, string tensor)
    {
        if (Inner(n, tensor, "Add") is not { } sum)
            return null;
        int constant = n.Graph.Tensors.Reals(sum.Inputs[0]) is [1f] ? 0 : 1;
        bool addsOne = n.Graph.Tensors.Reals(sum.Inputs[constant]) is [1f];
        return addsOne && n.IsInner(sum.Inputs[1 - constant]) ? n.Producer(sum.Inputs[1 - constant]) : null;
    }

    /// <summary>Returns the factor k of a tensor k · x; null for other tensors.</summary>
    private static float? Factor(BackwardNode n, string tensor, string x)
    {
        if (!n.IsInner(tensor) || n.Producer(tensor) is not { OpType: "Mul" or "Div" } node)
            return null;
        int other = node.Inputs[0] == x ? 1 : 0;
        if (node.Inputs[1 - other] != x || n.Graph.Tensors.Reals(node.Inputs[other]) is not [var value])
            return null;
        return node.OpType == "Mul" ? value : other == 1 ? 1 / value : null;
    }

    private static bool IsSquareOf(BackwardNode n, OnnxNode node, string x) => node.OpType switch
    {
        "Pow" => node.Inputs[0] == x && n.Graph.Tensors.Reals(node.Inputs[1]) is [2f] && n.IsInner(node.Outputs[0]),
        "Mul" => node.Inputs[0] == x && node.Inputs[1] == x && n.IsInner(node.Outputs[0]),
        _ => false,
    };

    /// <summary>Returns the producer of a tensor that only one node reads, if it has this operator.</summary>
    private static OnnxNode? Inner(BackwardNode n, string tensor, string opType) =>
        n.IsInner(tensor) && n.Producer(tensor) is { } node && node.OpType == opType ? node : null;
}
