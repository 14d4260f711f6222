using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Export;

/// <summary>What a saliency map needs to know of the network.</summary>
/// <param name="Logits">The tensor of logits.</param>
/// <param name="Values">Logits per picture; 1 for a yes–no question.</param>
/// <param name="Activations">The tensor of the layer.</param>
/// <param name="IsNhwc">Whether the channels of the layer come last.</param>
/// <param name="Channels">K.</param>
/// <param name="Height">h.</param>
/// <param name="Width">w.</param>
/// <param name="InputHeight">H.</param>
/// <param name="InputWidth">W.</param>
internal sealed record SaliencyFacts(
    string Logits, int Values, string Activations, bool IsNhwc, int Channels, int Height, int Width, int InputHeight,
    int InputWidth);

/// <summary>
/// Appends the nodes of a saliency map to a model, with standard operators of opset 16 and later. Names begin with
/// <c>saliency</c>.
/// </summary>
internal sealed class SaliencyGraph(EditableModel model, SaliencyFacts facts)
{
    public const string ClassInput = "class_index", Map = "saliency_map", Raw = "saliency_raw";

    /// <summary>
    /// The one-hot vector of the class for each picture, [N, values]: the predicted class, or that of the input.
    /// </summary>
    public string OneHot(bool hasClassInput)
    {
        string flat = Emit("Reshape", [facts.Logits, Integers(0, -1)]);
        string best = facts.Values == 1
            ? Cast(Emit("Squeeze", [Emit("Greater", [flat, Real(0)]), Integers(1)]), ElementType.Int64)
            : Emit("ArgMax", [flat], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 0L));
        if (hasClassInput)
        {
            model.AddInput(new OnnxValue { Name = ClassInput, ElementType = ElementType.Int64, Dims = [-1] });
            best = Emit("Where", [Emit("Less", [ClassInput, Integers(0)]), best, ClassInput]);
        }
        if (facts.Values > 1)
            return Emit("OneHot", [best, Integers(facts.Values), Reals(0, 1)], OnnxAttribute.Of("axis", -1L));
        // A yes–no question has one logit z: "no" is explained by −z.
        string sign = Emit("Sub", [Emit("Mul", [Cast(best, ElementType.Float), Real(2)]), Real(1)]);
        return Emit("Unsqueeze", [sign, Integers(1)]);
    }

    /// <summary>Gives the gradient model its seed, computed from the one-hot vector.</summary>
    public void Seed(string seed, string oneHot)
    {
        model.Inputs.RemoveAll(input => input.Name == seed);
        string shape = Emit("Shape", [facts.Logits]);
        model.Nodes.Add(new() { Name = seed, OpType = "Reshape", Inputs = [oneHot, shape], Outputs = [seed] });
    }

    /// <summary>The raw map of a gradient method, [N, 1, h, w].</summary>
    public string Combine(ExportMethod method, string gradient)
    {
        (string a, string g) = (Planes(facts.Activations), Planes(gradient));
        int places = facts.Height * facts.Width;
        string products = method switch
        {
            ExportMethod.GradCam => Emit("Mul", [a, Emit("Mul", [Sum(g, 2, 3), Real(1f / places)])]),
            ExportMethod.LayerCam => Emit("Mul", [a, Emit("Relu", [g])]),
            ExportMethod.Cam => Emit("Mul", [a, Sum(g, 2, 3)]),
            _ => Emit("Mul", [a, g]),
        };
        return Sum(products, 1);
    }

    /// <summary>
    /// The raw map of Recipro-CAM: the probability of the class when one place of the layer, with its neighbours, is
    /// kept.
    /// </summary>
    public string Reciprocal(IReadOnlyList<OnnxNode> tail, string oneHot, bool isSoftmax)
    {
        int places = facts.Height * facts.Width;
        string planes = Emit("Unsqueeze", [Planes(facts.Activations), Integers(1)]);
        string kept = Emit("Mul", [planes, Windows(places)]);
        string batch = Emit("Reshape", [kept, Integers(-1, facts.Channels, facts.Height, facts.Width)]);
        if (facts.IsNhwc)
            batch = Emit("Transpose", [batch], OnnxAttribute.Of("perm", 0, 2, 3, 1));
        Dictionary<string, string> renamed = new() { [facts.Activations] = batch };
        foreach (OnnxNode node in tail)
        {
            foreach (string output in node.Outputs.Where(name => name.Length > 0))
                renamed[output] = model.FreeName($"saliency:{output}");
            model.Nodes.Add(node.With(
                inputs: [.. node.Inputs.Select(Renamed)], outputs: [.. node.Outputs.Select(Renamed)],
                name: renamed[node.Outputs[0]]));
        }
        string logits = Emit("Reshape", [renamed[facts.Logits], Integers(-1, places, facts.Values)]);
        string chosen = Emit("Unsqueeze", [oneHot, Integers(1)]);
        string probabilities = isSoftmax
            ? Emit("Softmax", [logits], OnnxAttribute.Of("axis", -1L))
            : Emit("Sigmoid", [facts.Values == 1 ? Emit("Mul", [logits, chosen]) : logits]);
        string score = facts.Values == 1 ? probabilities : Sum(Emit("Mul", [probabilities, chosen]), 2);
        return Emit("Reshape", [score, Integers(-1, 1, facts.Height, facts.Width)]);

        string Renamed(string name) => renamed.GetValueOrDefault(name, name);
    }

    /// <summary>The normalised map, [N, 1, H, W], 0…1; and the raw map where asked for.</summary>
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
            Add(Raw, "Identity", [raw], facts.Height, facts.Width);
    }

    private string Least(string map) => Emit("Neg", [Emit("GlobalMaxPool", [Emit("Neg", [map])])]);

    private void Add(string output, string opType, string[] inputs, int height, int width)
    {
        if (model.FreeName(output) != output)
            throw new UnsupportedModelException(
                $"The model has a tensor named '{output}' already; rename it before the export.");
        model.Nodes.Add(new() { Name = output, OpType = opType, Inputs = inputs, Outputs = [output] });
        model.Outputs.Add(new OnnxValue
        {
            Name = output,
            ElementType = ElementType.Float,
            Dims = [-1, 1, height, width]
        });
    }

    /// <summary>One window for each place, [1, h·w, 1, h, w]: the 3 × 3 Gaussian of Recipro-CAM.</summary>
    private string Windows(int places)
    {
        var windows = new float[places * places];
        for (int place = 0; place < places; place++)
            for (int other = 0; other < places; other++)
            {
                int rows = Math.Abs((place / facts.Width) - (other / facts.Width));
                int columns = Math.Abs((place % facts.Width) - (other % facts.Width));
                if (rows <= 1 && columns <= 1)
                    windows[(place * places) + other] = 0.25f / (1 << (rows + columns));
            }
        return model.AddConstant("saliency:windows", windows, 1, places, 1, facts.Height, facts.Width);
    }

    private string Planes(string tensor) =>
        facts.IsNhwc ? Emit("Transpose", [tensor], OnnxAttribute.Of("perm", 0, 3, 1, 2)) : tensor;

    private string Sum(string tensor, params long[] axes) =>
        Emit("ReduceSum", [tensor, Integers(axes)], OnnxAttribute.Of("keepdims", axes is [2] ? 0L : 1L));

    private string Cast(string tensor, ElementType type) => Emit("Cast", [tensor], OnnxAttribute.Of("to", (long)type));

    private string Real(float value) => model.AddConstant("saliency:scalar", [value]);

    private string Reals(params float[] values) => model.AddConstant("saliency:reals", values, values.Length);

    private string Integers(params long[] values) => model.AddConstant("saliency:integers", values);

    private string Emit(string opType, string[] inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        model.AddNode(opType, $"saliency:{opType}", inputs, attributes);
}
