using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Normalisations.</summary>
internal static class NormalizationRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
    [
        ("BatchNormalization", BatchNormalization),
        ("LayerNormalization", LayerNormalization),
        ("InstanceNormalization", InstanceNormalization),
        ("GroupNormalization", GroupNormalization),
        ("LpNormalization", LpNormalization),
        ("LRN", Lrn),
    ];

    /// <summary>
    /// With the stored mean and variance, the operator is affine in x: g · scale / √(variance + ε), per channel.
    /// </summary>
    private static void BatchNormalization(BackwardNode n)
    {
        if (n.Node.Int("training_mode", 0) != 0)
            throw n.Unsupported("it is in training mode, so its scores depend on the other pictures of the batch");
        if (n.Needs(1) || n.Needs(2) || n.Needs(3) || n.Needs(4))
            throw n.Unsupported("its parameters depend on the picture");
        Term factor = n.X(1) / (n.X(4) + n.Node.Float("epsilon", 1e-5f)).Sqrt();
        n.Give(0, n.G * factor.Reshape([-1, .. Enumerable.Repeat(1L, n.Rank() - 2)]));
    }

    /// <summary>y = γ · x̂ + β: the gradient of γ · x̂ by x, Σ g · x̂ and Σ g.</summary>
    private static void LayerNormalization(BackwardNode n)
    {
        int axis = n.Axis("axis", -1);
        float epsilon = Epsilon(n);
        string x = n.Node.Inputs[0];
        if (n.Needs(0))
            n.Give(0, Standardised(n, n.G * n.X(1), x, axis, epsilon));
        n.GiveBroadcast(1, () => n.G * Standard(n, x, axis, epsilon).Normalised);
        n.GiveBroadcast(2, () => n.G);
    }

    /// <summary>
    /// Returns the gradient of layer normalisation without γ and β, given the gradient of its output.
    /// </summary>
    public static Term Standardised(BackwardNode n, Term g, string x, int axis, float epsilon)
    {
        (Term normalised, Term inverse) = Standard(n, x, axis, epsilon);
        long[] dims = n.Graph.Tensors.Dims(x);
        long[] axes = [.. Enumerable.Range(axis, dims.Length - axis).Select(i => (long)i)];
        return Standardised(g, normalised, inverse, axes, Size(dims, axes));
    }

    /// <summary>
    /// Computes x̂ = (x − mean) / √(variance + ε) and 1 / √(variance + ε) in a separate node. Additional outputs of the
    /// forward pass's node would prevent its fusion.
    /// </summary>
    private static (Term Normalised, Term Inverse) Standard(BackwardNode n, string x, int axis, float epsilon)
    {
        long[] dims = n.Graph.Tensors.Dims(x);
        Term input = Patterns.Reread(n, x);
        if (n.Graph.Model.Opset < OpsetRaiser.WithLayerNormalization)
        {
            long[] axes = [.. Enumerable.Range(axis, dims.Length - axis).Select(i => (long)i)];
            return Statistics(input, axes, Size(dims, axes), epsilon);
        }
        Term[] outputs = n.Graph.Emit(
            "LayerNormalization", 3, [input, n.Graph.Filled(1, dims[axis..])], OnnxAttribute.Of("axis", axis),
            OnnxAttribute.Of("epsilon", epsilon));
        return (outputs[0], outputs[2]);
    }

    private static void InstanceNormalization(BackwardNode n)
    {
        long[] axes = [.. Enumerable.Range(2, n.Rank() - 2).Select(i => (long)i)];
        (Term normalised, Term inverse) = Statistics(n.X(), axes, Size(n.ShapeOf(), axes), Epsilon(n));
        Term scale = n.X(1).Reshape([-1, .. axes.Select(_ => 1L)]);
        n.Give(0, Standardised(n.G * scale, normalised, inverse, axes, Size(n.ShapeOf(), axes)));
    }

    /// <summary>Standardises channels in groups, as [N, groups, all values of the group].</summary>
    private static void GroupNormalization(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        long groups = n.Node.Int("num_groups", 1), channels = dims[1];
        // Until opset 20, there was one scale per group.
        bool perGroup = n.Graph.Tensors.Dims(n.Node.Inputs[1])[0] == groups && groups != channels;
        long[] ones = [.. Enumerable.Repeat(1L, dims.Length - 2)];
        Term scale = perGroup
            ? n.X(1).Reshape(groups, 1).Expand(groups, channels / groups).Reshape([channels, .. ones])
            : n.X(1).Reshape([channels, .. ones]);
        long size = Size(dims, [.. Enumerable.Range(1, dims.Length - 1).Select(i => (long)i)]) / groups;
        Term Grouped(Term values) => values.Reshape(-1, groups, size);
        (Term normalised, Term inverse) = Statistics(Grouped(n.X()), [2], size, Epsilon(n));
        Term gradient = Standardised(Grouped(n.G * scale), normalised, inverse, [2], size);
        n.Give(0, n.Graph.ReshapeLike(gradient, n.Node.Inputs[0]));
    }

    /// <summary>y = x / ‖x‖₂: (g − y · Σ g · y) / ‖x‖₂.</summary>
    private static void LpNormalization(BackwardNode n)
    {
        if (n.Node.Int("p", 2) != 2)
            throw n.Unsupported("only p = 2 has a rule");
        int axis = n.Axis("axis", -1);
        Term norm = (n.X() * n.X()).Sum(axis).Sqrt();
        n.Give(0, (n.G - (n.Y * (n.G * n.Y).Sum(axis))) / norm);
    }

    /// <summary>
    /// y = x · d^−β, d = k + α/n · Σ x² over neighbouring channels: g · d^−β − 2αβ/n · x · Σ g · x · d^(−β−1) over the
    /// channels that have this one as a neighbour.
    /// </summary>
    private static void Lrn(BackwardNode n)
    {
        int channels = (int)n.ShapeOf()[1], rank = n.Rank();
        long size = n.Node.Int("size", 1);
        float alpha = n.Node.Float("alpha", 1e-4f), beta = n.Node.Float("beta", 0.75f), bias = n.Node.Float("bias", 1);
        long[] ones = [.. Enumerable.Repeat(1L, rank - 2)];
        // A sum over neighbouring channels is a convolution with a band matrix.
        int before = (int)((size - 1) / 2), after = (int)size - 1 - before;
        Term d = (Band(before, after, n.X() * n.X()) * (alpha / size)) + bias;
        Term power = (d.Log() * -beta).Exp();
        Term crossed = Band(after, before, n.G * n.X() * power / d);
        n.Give(0, (n.G * power) - (n.X() * crossed * (2 * alpha * beta / size)));

        Term Band(int below, int above, Term values)
        {
            var band = new float[channels * channels];
            for (int c = 0; c < channels; c++)
                for (int k = Math.Max(0, c - below); k <= Math.Min(channels - 1, c + above); k++)
                    band[(c * channels) + k] = 1;
            return n.Graph.Emit("Conv", [values, n.Graph.Reals(band, [channels, channels, .. ones])]);
        }
    }

    /// <summary>(x − mean) / √(variance + ε), and 1 / √(variance + ε).</summary>
    private static (Term Normalised, Term Inverse) Statistics(Term x, long[] axes, long size, float epsilon)
    {
        Term centred = x - (x.Sum(axes) * (1f / size));
        Term variance = (centred * centred).Sum(axes) * (1f / size);
        Term inverse = (variance + epsilon).Sqrt().Emit("Reciprocal");
        return (centred * inverse, inverse);
    }

    /// <summary>Through x̂ = (x − mean) · i: i · (g − mean g − x̂ · mean(g · x̂)).</summary>
    private static Term Standardised(Term g, Term normalised, Term inverse, long[] axes, long size)
    {
        float scale = 1f / size;
        return inverse * (g - (g.Sum(axes) * scale) - (normalised * ((g * normalised).Sum(axes) * scale)));
    }

    private static float Epsilon(BackwardNode n) => n.Node.Float("epsilon", 1e-5f);

    private static long Size(long[] dims, long[] axes)
    {
        long size = axes.Aggregate(1L, (product, axis) => product * dims[axis]);
        return size > 0 ? size : throw Differentiator.Refusal("A normalisation runs over a dimension of free size.");
    }
}
