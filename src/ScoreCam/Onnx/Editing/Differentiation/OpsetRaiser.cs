using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// Converts a model to a newer operator set, so that the rules handle only one form of each operator. It converts
/// settings that moved from attributes to inputs, and operators that were renamed. The network computes the same
/// numbers.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="wanted">The operator set to convert to if the model's own is older: 16 or 17.</param>
internal sealed class OpsetRaiser(EditableModel model, int wanted)
{
    /// <summary>The operator set for which the rules are written.</summary>
    public const int OfRules = 16;

    /// <summary>
    /// The first operator set with LayerNormalization. From this set on, ONNX Runtime rounds a layer normalisation made
    /// of several nodes differently.
    /// </summary>
    public const int WithLayerNormalization = 17;

    /// <summary>The oldest supported operator set. Older sets have other broadcasting rules for arithmetic.</summary>
    private const int Oldest = 7;

    public void Raise()
    {
        if (model.Opset >= wanted)
            return;
        if (model.Opset < Oldest)
            throw Differentiator.Refusal($"the model uses operator set {model.Opset}; {Oldest} or newer was expected");
        // Nodes that are added during the conversion already have the new form.
        int count = model.Nodes.Count;
        for (int i = 0; i < count; i++)
        {
            OnnxNode node = model.Nodes[i];
            if (node.Domain.Length > 0)
                continue;
            if (node.Captured.Count > 0)
                throw BackwardNode.Unsupported(
                    node, $"its subgraph is of operator set {model.Opset}, and {wanted} or newer is needed");
            model.Nodes[i] = Raised(node);
        }
        model.Opset = wanted;
        model.IrVersion = Math.Max(model.IrVersion, 8);
    }

    private OnnxNode Raised(OnnxNode node) => (node.OpType, model.Opset) switch
    {
        ("BatchNormalization", < 14) => BatchNormalization(node),
        ("Dropout", < 12) => node.With("Identity", outputs: [node.Outputs[0]], attributes: []),
        ("Clip", < 11) => Clip(node),
        ("Pad", < 11) => Pad(node),
        ("Slice", < 10) => Slice(node),
        ("Squeeze" or "Unsqueeze" or "ReduceSum", < 13) => WithInput(node, "axes"),
        ("Split", < 13) => WithInput(node, "split"),
        ("Upsample" or "Resize", < 11) => Resize(node),
        ("Softmax" or "LogSoftmax", < 13) => Softmax(node),
        ("Scatter", _) => node.With("ScatterElements"),
        _ => node,
    };

    private static OnnxNode BatchNormalization(OnnxNode node)
    {
        // The batch statistics were outputs only in training mode.
        if (node.Output(1) is not null)
            throw BackwardNode.Unsupported(node, "it is in training mode, so the scores depend on the other pictures");
        return node.With(outputs: [node.Outputs[0]], attributes: Without(node, "spatial"));
    }

    /// <summary>Moves a list of integers from an attribute to a second input.</summary>
    private OnnxNode WithInput(OnnxNode node, string name) => node.Ints(name) is not { Count: > 0 } values ? node
        : node.With(inputs: [node.Inputs[0], Integers(node, name, values)], attributes: Without(node, name));

    private OnnxNode Clip(OnnxNode node)
    {
        float lo = node.Float("min", float.MinValue), hi = node.Float("max", float.MaxValue);
        string low = model.AddConstant($"{node.Outputs[0]}:min", [lo]);
        string high = model.AddConstant($"{node.Outputs[0]}:max", [hi]);
        return node.With(inputs: [node.Inputs[0], low, high], attributes: []);
    }

    private OnnxNode Pad(OnnxNode node)
    {
        // Before opset 2, the attribute had another name.
        IReadOnlyList<long> pads = node.Ints("pads") ?? node.Ints("paddings") ?? [];
        string value = model.AddConstant($"{node.Outputs[0]}:value", [node.Float("value", 0)]);
        return node.With(
            inputs: [node.Inputs[0], Integers(node, "pads", pads), value], attributes: Without(node, "pads", "value"));
    }

    private OnnxNode Slice(OnnxNode node)
    {
        string starts = Integers(node, "starts", node.Ints("starts")!);
        string[] inputs = [node.Inputs[0], starts, Integers(node, "ends", node.Ints("ends")!)];
        return node.Ints("axes") is { } axes
            ? node.With(inputs: [.. inputs, Integers(node, "axes", axes)], attributes: [])
            : node.With(inputs: inputs, attributes: []);
    }

    private OnnxNode Resize(OnnxNode node)
    {
        string scales = node.Input(1) ?? Scales();
        OnnxAttribute[] attributes =
        [
            OnnxAttribute.Of("mode", node.Text("mode", "nearest")),
            OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
            OnnxAttribute.Of("nearest_mode", "floor"),
        ];
        return node.With("Resize", inputs: [node.Inputs[0], "", scales], attributes: attributes);

        // In opset 7, Upsample has the scales as an attribute.
        string Scales()
        {
            float[] values = [.. node.Attribute("scales")!.Floats];
            return model.AddConstant($"{node.Outputs[0]}:scales", values, values.Length);
        }
    }

    /// <summary>Before opset 13, all axes from `axis` on were normalised together.</summary>
    private OnnxNode Softmax(OnnxNode node)
    {
        string x = node.Inputs[0];
        string flat = model.AddNode("Flatten", $"{x}:flat", [x], OnnxAttribute.Of("axis", node.Int("axis", 1)));
        string soft = model.AddNode(node.OpType, $"{x}:soft", [flat], OnnxAttribute.Of("axis", -1L));
        return node.With("Reshape", inputs: [soft, model.AddNode("Shape", $"{x}:shape", [x])], attributes: []);
    }

    private string Integers(OnnxNode node, string name, IReadOnlyList<long> values) =>
        model.AddConstant($"{node.Outputs[0]}:{name}", values);

    private static OnnxAttribute[] Without(OnnxNode node, params string[] names) =>
        [.. node.Attributes.Where(attribute => !names.Contains(attribute.Name))];
}
