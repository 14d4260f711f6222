namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// The bias of a node, as FullGrad needs it. Near the picture, a node computes y = Σ_i (∂y/∂x_i) · x_i + b. The bias b
/// is a parameter of a convolution, or it follows from a changing slope (an implicit bias). A node that is homogeneous
/// of degree d in its inputs has the bias (1 − d) · y. The sum of b · g over all nodes and of x · g over the picture
/// equals the score.
/// </summary>
internal static class BiasRules
{
    /// <summary>
    /// Appends b · g in the shape of the output. Called after the gradient rule of the node. Returns null if the output
    /// is linear in the inputs.
    /// </summary>
    /// <exception cref="UnsupportedModelException">The bias has no rule.</exception>
    public static Term? Of(BackwardNode n) => n.Node.OpType switch
    {
        // The values are moved, selected, summed or scaled.
        "Identity" or "Dropout" or "Cast" or "Neg" or "Abs" or "Relu" or "LeakyRelu" or "ThresholdedRelu" or
        "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Transpose" or "Split" or "Expand" or "Tile" or
        "DepthToSpace" or "SpaceToDepth" or "Trilu" or "Slice" or "Gather" or "Resize" or
        "MaxPool" or "AveragePool" or "GlobalAveragePool" or "GlobalMaxPool" or
        "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceL1" or "ReduceL2" => null,
        "Max" or "Min" when Needed(n) == n.Node.Inputs.Count => null,
        "PRelu" when !n.Needs(1) => null,
        "Conv" or "ConvTranspose" => n.Node.Input(2) is null ? null : n.G * PerChannel(n, n.X(2)),
        "Gemm" when n.Needs(0) != n.Needs(1) => Gemm(n),
        "BatchNormalization" => BatchNormalization(n),
        "Add" or "Sum" => Constants(n, _ => 1),
        "Sub" => Constants(n, input => input == 0 ? 1 : -1),
        "Mean" => Constants(n, _ => 1f / n.Node.Inputs.Count),
        "Mul" or "MatMul" or "Einsum" when !IsPattern(n) => OfDegree(n, Needed(n)),
        "Div" when !IsPattern(n) => OfDegree(n, (n.Needs(0) ? 1 : 0) - (n.Needs(1) ? 1 : 0)),
        "ReduceSumSquare" => OfDegree(n, 2),
        // Where the gradient stops, the bound is the whole output.
        "Clip" when n.Needs(0) => n.Y * (n.G - Received(n)),
        "Concat" => Concat(n),
        "Pad" => Pad(n),
        "Where" => Where(n),
        _ => Rest(n),
    };

    /// <summary>y · g − x · (gradient of x): the part of a function beyond its slope.</summary>
    private static Term Rest(BackwardNode n)
    {
        Term rest = n.Y * n.G;
        foreach ((string tensor, Term gradient) in n.Given)
        {
            if (!n.Graph.Tensors.Dims(tensor).SequenceEqual(n.OutputShape))
                throw new UnsupportedModelException(
                    $"FullGrad cannot explain this network: there is no rule for the bias of "
                    + $"{Differentiator.Describe(n.Node)}. The other gradient methods work, for example Integrated "
                    + "Gradients.");
            rest -= n.Graph.Tensor(tensor) * gradient;
        }
        return rest;
    }

    private static Term? OfDegree(BackwardNode n, int degree) =>
        degree == 1 ? null : n.Y * n.G * (1 - degree);

    /// <summary>Whether the rule gave the gradient of several nodes together, such as the nodes of Swish.</summary>
    private static bool IsPattern(BackwardNode n) =>
        n.Given.Count != Needed(n) || n.Given.Exists(given => !n.Node.Inputs.Contains(given.Tensor));

    private static int Needed(BackwardNode n) => Enumerable.Range(0, n.Node.Inputs.Count).Count(n.Needs);

    /// <summary>The gradient that the first input received.</summary>
    private static Term Received(BackwardNode n) => n.Given[0].Gradient;

    /// <summary>The inputs of a sum that do not depend on the picture.</summary>
    private static Term? Constants(BackwardNode n, Func<int, float> sign)
    {
        Term? sum = null;
        for (int i = 0; i < n.Node.Inputs.Count; i++)
            if (!n.Needs(i))
                sum = sum is { } before ? before + (n.X(i) * sign(i)) : n.X(i) * sign(i);
        return sum is { } constants ? n.G * constants : null;
    }

    /// <summary>β · C.</summary>
    private static Term? Gemm(BackwardNode n) =>
        n.Node.Input(2) is null || n.Needs(2) ? null : n.G * n.X(2) * n.Node.Float("beta", 1);

    /// <summary>β − mean · scale / √(variance + ε).</summary>
    private static Term BatchNormalization(BackwardNode n)
    {
        Term factor = n.X(1) / (n.X(4) + n.Node.Float("epsilon", 1e-5f)).Sqrt();
        return n.G * PerChannel(n, n.X(2) - (n.X(3) * factor));
    }

    /// <summary>The parts that do not depend on the picture, such as a class token.</summary>
    private static Term? Concat(BackwardNode n)
    {
        int count = n.Node.Inputs.Count;
        if (Needed(n) == count)
            return null;
        Term[] parts = [.. Enumerable.Range(0, count).Select(
            i => n.Needs(i) ? n.Graph.ZerosLike(n.Node.Inputs[i]) : n.X(i))];
        return n.G * n.Graph.Emit("Concat", parts, [.. n.Node.Attributes]);
    }

    /// <summary>The padding values, if they are not 0.</summary>
    private static Term? Pad(BackwardNode n)
    {
        if (n.Node.Input(2) is not { } value || n.Graph.Tensors.Reals(value) is [0])
            return null;
        Term[] others = [.. Enumerable.Range(1, n.Node.Inputs.Count - 1).Select(n.X)];
        Term zeros = n.Graph.ZerosLike(n.Node.Inputs[0]);
        return n.G * n.Graph.Emit("Pad", [zeros, .. others], [.. n.Node.Attributes]);
    }

    /// <summary>The values of the branch that does not depend on the picture.</summary>
    private static Term? Where(BackwardNode n) =>
        n.Needs(1) && n.Needs(2) ? null
        : n.G * (n.Needs(1) ? n.X().Where(n.Graph.Constant(0f), n.X(2)) : n.X().Where(n.X(1), 0));

    private static Term PerChannel(BackwardNode n, Term values) =>
        values.Reshape([-1, .. Enumerable.Repeat(1L, n.OutputShape.Length - 2)]);
}
