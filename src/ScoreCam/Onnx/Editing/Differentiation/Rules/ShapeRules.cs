using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Operators that move or repeat values. The gradient is moved back, or summed.</summary>
internal static class ShapeRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
    [
        ("Reshape", ReshapeBack),
        ("Flatten", ReshapeBack),
        ("Squeeze", ReshapeBack),
        ("Unsqueeze", ReshapeBack),
        ("Transpose", Transpose),
        ("Concat", Concat),
        ("Split", Split),
        ("Expand", n => n.GiveBroadcast(0, () => n.G)),
        ("Tile", Tile),
        ("DepthToSpace", DepthToSpace),
        ("SpaceToDepth", SpaceToDepth),
        ("Trilu", Trilu),
    ];

    private static void ReshapeBack(BackwardNode n)
    {
        string x = n.Node.Inputs[0];
        n.Give(0, n.Graph.ReshapeLike(n.G, x, n.Graph.Tensors.ShareBatch(x, n.Node.Outputs[0])));
    }

    /// <summary>The inverse permutation.</summary>
    private static void Transpose(BackwardNode n)
    {
        int rank = n.Rank();
        long[] forward = [.. n.Node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)]];
        n.Give(0, n.G.Transpose([.. Enumerable.Range(0, rank).Select(i => (long)Array.IndexOf(forward, i))]));
    }

    /// <summary>Each input gets its part of the gradient.</summary>
    private static void Concat(BackwardNode n)
    {
        int axis = n.Axis("axis", 0);
        long start = 0;
        for (int i = 0; i < n.Node.Inputs.Count; i++)
        {
            long size = n.ShapeOf(i)[axis];
            if (size < 0)
                throw n.Unsupported("it joins along a dimension of free size");
            if (n.Needs(i) && axis == 1 && n.Graph.Parts.TryGetValue(n.G.Name, out Func<long, long, Term>? part))
                n.Give(i, part(start, start + size));
            else if (n.Needs(i))
                n.Give(i, n.G.Slice(axis, start, start + size));
            start += size;
        }
    }

    /// <summary>Joins the gradients of the parts. A part that does not reach the scores gets zeros.</summary>
    private static void Split(BackwardNode n)
    {
        Term[] parts = [.. n.Node.Outputs.Select((part, i) => n.GradientOf(i) ?? n.Graph.ZerosLike(part))];
        n.Give(0, n.Graph.Emit("Concat", parts, OnnxAttribute.Of("axis", n.Node.Int("axis", 0))));
    }

    /// <summary>Sums over the repetitions, with the tensor viewed as [repeats₀, size₀, repeats₁, size₁, …].</summary>
    private static void Tile(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        IReadOnlyList<long> repeats = n.Integers(1)!;
        long[] pairs = [.. dims.SelectMany((size, i) => new[] { repeats[i], size })];
        long[] repeated = [.. Enumerable.Range(0, dims.Length).Where(i => repeats[i] != 1).Select(i => 2L * i)];
        n.Give(0, n.Graph.ReshapeLike(n.G.Reshape(pairs).Sum(repeated), n.Node.Inputs[0]));
    }

    /// <summary>
    /// Turns blocks of positions back into channels: [N, C, H, b, W, b] to [N, b, b, C, H, W] or [N, C, b, b, H, W].
    /// </summary>
    private static void DepthToSpace(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        long block = n.Node.Int("blocksize", 1), channels = dims[1] / (block * block);
        Term blocks = n.G.Reshape(-1, channels, dims[2], block, dims[3], block);
        Term moved = n.Node.Text("mode", "DCR") == "CRD"
            ? blocks.Transpose(0, 1, 3, 5, 2, 4)
            : blocks.Transpose(0, 3, 5, 1, 2, 4);
        n.Give(0, n.Graph.ReshapeLike(moved, n.Node.Inputs[0]));
    }

    /// <summary>Turns channels back into blocks of positions: [N, b, b, C, H, W] to [N, C, H, b, W, b].</summary>
    private static void SpaceToDepth(BackwardNode n)
    {
        long[] dims = n.ShapeOf();
        long block = n.Node.Int("blocksize", 1);
        Term blocks = n.G.Reshape(-1, block, block, dims[1], dims[2] / block, dims[3] / block);
        n.Give(0, n.Graph.ReshapeLike(blocks.Transpose(0, 3, 4, 1, 5, 2), n.Node.Inputs[0]));
    }

    private static void Trilu(BackwardNode n)
    {
        Term[] inputs = n.Node.Input(1) is null ? [n.G] : [n.G, n.X(1)];
        n.Give(0, n.Graph.Emit("Trilu", inputs, OnnxAttribute.Of("upper", n.Node.Int("upper", 1))));
    }
}
