using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Export;

/// <summary>
/// Appends the nodes of a saliency map to a model. They are standard operators of operator set 13 and later, and their
/// names begin with <c>saliency</c>.
/// </summary>
internal sealed class SaliencyGraph(EditableModel model, SaliencyFacts facts)
{
    public const string ClassInput = "class_index", Map = "saliency_map", Raw = "saliency_raw";

    /// <summary>
    /// Appends the one-hot vector of the class for each picture, [N, values]: the predicted class, or the class given
    /// by the input.
    /// </summary>
    public string OneHot(bool hasClassInput)
    {
        string flat = Emit("Reshape", [facts.Logits, Integers(0, -1)]);
        string best = facts.Values == 1
            ? Cast(Emit("Squeeze", [Emit("Greater", [flat, Real(0)]), Integers(1)]), ElementType.Int64)
            : Emit("ArgMax", [flat], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 0L));
        if (hasClassInput)
        {
            RequireFree(ClassInput);
            model.AddInput(new OnnxValue { Name = ClassInput, ElementType = ElementType.Int64, Dims = [facts.Batch] });
            best = Emit("Where", [Emit("Less", [ClassInput, Integers(0)]), best, ClassInput]);
        }
        if (facts.Values > 1)
            return Emit("OneHot", [best, Integers(facts.Values), Reals(0, 1)], OnnxAttribute.Of("axis", -1L));
        // A yes–no question has one logit z, and "no" is explained by −z.
        string sign = Emit("Sub", [Emit("Mul", [Cast(best, ElementType.Float), Real(2)]), Real(1)]);
        return Emit("Unsqueeze", [sign, Integers(1)]);
    }

    /// <summary>Computes the seed of the gradient, which was an input, from the one-hot vector.</summary>
    public void Seed(string seed, string oneHot)
    {
        model.Inputs.RemoveAll(input => input.Name == seed);
        string shape = Emit("Shape", [facts.Logits]);
        model.Nodes.Add(new() { Name = seed, OpType = "Reshape", Inputs = [oneHot, shape], Outputs = [seed] });
    }

    /// <summary>Appends the raw map of a gradient method, [N, 1, h, w].</summary>
    public string Combine(ExportMethod method, string gradient)
    {
        // All tensors keep the layout of the layer. ONNX Runtime would move a Transpose into the network, which would
        // change the rounding of the scores.
        (long[] positions, long channel) = facts.Layer.Layout switch
        {
            FeatureLayout.Nchw => (new long[] { 2, 3 }, 1L),
            FeatureLayout.Nhwc => ([1, 2], 3L),
            _ => ([1], 2L),
        };
        (string a, string g) = (OnlyPositions(facts.Layer.Name), OnlyPositions(gradient));
        string products = method switch
        {
            ExportMethod.GradCam => Emit("Mul", [a, Emit("Mul", [Sum(g, positions), Real(1f / facts.Positions)])]),
            ExportMethod.LayerCam => Emit("Mul", [a, Emit("Relu", [g])]),
            ExportMethod.Cam => Emit("Mul", [a, Sum(g, positions)]),
            _ => Emit("Mul", [a, g]),
        };
        return Emit("Reshape", [Sum(products, channel), Integers(-1, 1, facts.Layer.Height, facts.Layer.Width)]);
    }

    /// <summary>
    /// Appends the raw map of Recipro-CAM: the probability of the class if only one position of the layer and its
    /// neighbours are kept.
    /// </summary>
    /// <param name="tail">The part of the network after the layer.</param>
    /// <param name="oneHot">The class of each picture.</param>
    /// <param name="isSoftmax">
    /// Whether the probabilities are the softmax of the logits. If false, they are the sigmoid.
    /// </param>
    public string Reciprocal(NetworkTailGraph tail, string oneHot, bool isSoftmax)
    {
        LayerInfo layer = facts.Layer;
        string kept = Emit("Mul", [Emit("Unsqueeze", [layer.Name, Integers(1)]), Windows()]);
        long[] dims = layer.Layout switch
        {
            FeatureLayout.Nchw => [-1, layer.Channels, layer.Height, layer.Width],
            FeatureLayout.Nhwc => [-1, layer.Height, layer.Width, layer.Channels],
            _ => [-1, facts.Tokens, layer.Channels],
        };
        string batch = Emit("Reshape", [kept, Integers(dims)]);
        // Each picture is repeated for all positions: index i belongs to picture i / positions.
        string count = Emit("Squeeze", [Emit("Slice", [Emit("Shape", [batch]), Integers(0), Integers(1)])]);
        string pictures = Emit("Div", [Emit("Range", [Integer(0), count, Integer(1)]), Integer(facts.Positions)]);
        string logits = tail.Append(
            model, batch, bypass => Emit("Gather", [bypass, pictures], OnnxAttribute.Of("axis", 0L)));
        logits = Emit("Reshape", [logits, Integers(-1, facts.Positions, facts.Values)]);
        string chosen = Emit("Unsqueeze", [oneHot, Integers(1)]);
        string probabilities = isSoftmax
            ? Emit("Softmax", [logits], OnnxAttribute.Of("axis", -1L))
            : Emit("Sigmoid", [facts.Values == 1 ? Emit("Mul", [logits, chosen]) : logits]);
        string score = facts.Values == 1 ? probabilities : Sum(Emit("Mul", [probabilities, chosen]), 2L);
        return Emit("Reshape", [score, Integers(-1, 1, layer.Height, layer.Width)]);
    }

    /// <summary>Appends the normalised map, [N, 1, H, W], 0…1, and the raw map if requested.</summary>
    public void Outputs(string raw, bool rectifies, bool keepsRaw)
    {
        // Interpolation is exact where the smallest value is 0.
        string rectified = rectifies ? Emit("Relu", [raw]) : Emit("Sub", [raw, Least(raw)]);
        string count = Emit("Slice", [Emit("Shape", [raw]), Integers(0), Integers(1)]);
        string sizes = Emit(
            "Concat", [count, Integers(1, facts.InputHeight, facts.InputWidth)], OnnxAttribute.Of("axis", 0L));
        string fine = Emit(
            "Resize", [rectified, "", "", sizes], OnnxAttribute.Of("mode", "linear"),
            OnnxAttribute.Of("coordinate_transformation_mode", "half_pixel"));
        string above = Emit("Sub", [fine, Least(fine)]);
        string range = Emit("Max", [Emit("GlobalMaxPool", [above]), Real(1e-30f)]);
        Add(Map, "Div", [above, range], facts.InputHeight, facts.InputWidth);
        if (keepsRaw)
            Add(Raw, "Identity", [raw], facts.Layer.Height, facts.Layer.Width);
    }

    private string Least(string map) => Emit("Neg", [Emit("GlobalMaxPool", [Emit("Neg", [map])])]);

    private void Add(string output, string opType, string[] inputs, int height, int width)
    {
        RequireFree(output);
        model.Nodes.Add(new() { Name = output, OpType = opType, Inputs = inputs, Outputs = [output] });
        long[] dims = [facts.Batch, 1, height, width];
        model.Outputs.Add(new OnnxValue { Name = output, ElementType = ElementType.Float, Dims = dims });
    }

    private void RequireFree(string name)
    {
        if (model.FreeName(name) != name)
            throw new UnsupportedModelException(
                $"The model has a tensor named '{name}' already. Was it exported before? Export the original model, or "
                + "rename the tensor.");
    }

    /// <summary>
    /// Appends one window per position: the 3 × 3 Gaussian of Recipro-CAM. Prefix tokens are not changed. The shape is
    /// the shape of the layer, with the positions as a second dimension.
    /// </summary>
    private string Windows()
    {
        (LayerInfo layer, int positions) = (facts.Layer, facts.Positions);
        int row = Math.Max(facts.Tokens, positions);
        var windows = new float[positions * row];
        if (row > positions)
            Array.Fill(windows, 1);
        for (int position = 0; position < positions; position++)
            for (int other = 0; other < positions; other++)
            {
                int rows = Math.Abs((position / layer.Width) - (other / layer.Width));
                int columns = Math.Abs((position % layer.Width) - (other % layer.Width));
                windows[(position * row) + layer.PrefixTokens + other] =
                    rows <= 1 && columns <= 1 ? 0.25f / (1 << (rows + columns)) : 0;
            }
        long[] dims = layer.Layout switch
        {
            FeatureLayout.Nchw => [1, positions, 1, layer.Height, layer.Width],
            FeatureLayout.Nhwc => [1, positions, layer.Height, layer.Width, 1],
            _ => [1, positions, facts.Tokens, 1],
        };
        return model.AddConstant("saliency:windows", windows, dims);
    }

    /// <summary>Appends the tensor of the layer, or its gradient, without prefix tokens.</summary>
    private string OnlyPositions(string tensor)
    {
        int first = facts.Layer.PrefixTokens;
        return facts.Tokens <= facts.Positions ? tensor
            : Emit("Slice", [tensor, Integers(first), Integers(first + facts.Positions), Integers(1)]);
    }

    private string Sum(string tensor, params long[] axes) => Emit("ReduceSum", [tensor, Integers(axes)]);

    private string Cast(string tensor, ElementType type) => Emit("Cast", [tensor], OnnxAttribute.Of("to", (long)type));

    private string Real(float value) => model.AddConstant("saliency:scalar", [value]);

    private string Reals(params float[] values) => model.AddConstant("saliency:reals", values, values.Length);

    private string Integers(params long[] values) => model.AddConstant("saliency:integers", values);

    /// <summary>Appends a scalar. <see cref="Integers"/> appends a list.</summary>
    private string Integer(long value) => Emit("Squeeze", [Integers(value)]);

    private string Emit(string opType, string[] inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        model.AddNode(opType, $"saliency:{opType}", inputs, attributes);
}
