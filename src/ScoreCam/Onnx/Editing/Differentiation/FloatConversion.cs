using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// Converts a float16 network to float32. On CPUs, ONNX Runtime computes float16 in float32 anyway, and it has no
/// float16 kernel that adds up gradients. The input also becomes float32, even if it was bytes.
/// </summary>
internal sealed class FloatConversion(EditableModel model)
{
    public void Convert()
    {
        model.ValueInfo.Clear();
        for (int i = 0; i < model.Inputs.Count; i++)
            if (model.Inputs[i].ElementType is ElementType.Float16 or ElementType.BFloat16 or ElementType.UInt8)
                model.Inputs[i] = model.Inputs[i] with { ElementType = ElementType.Float, Range = default };

        Dictionary<string, string> converted = [];
        foreach (OnnxInitializer tensor in model.Initializers)
            if (IsHalf(tensor.ElementType))
                converted.TryAdd(tensor.Name, model.FreeName($"{tensor.Name}:float"));
        foreach (OnnxNode node in model.Nodes)
            if (IsHalf(ConstantType(node)))
                converted.TryAdd(node.Outputs[0], model.FreeName($"{node.Outputs[0]}:float"));
        for (int i = 0; i < model.Nodes.Count; i++)
            model.Nodes[i] = Converted(model.Nodes[i], converted);
        // The constants keep their bytes. ONNX Runtime casts them once, when it opens the session.
        model.Nodes.InsertRange(0, converted.Select(pair => Cast(pair.Key, pair.Value)));
    }

    private static OnnxNode Converted(OnnxNode node, Dictionary<string, string> converted)
    {
        bool castsToHalf = node is { OpType: "Cast", Domain: "" } && IsHalf((ElementType)node.Int("to", 0));
        if (!castsToHalf && !node.Inputs.Any(converted.ContainsKey))
            return node;
        string[] inputs = [.. node.Inputs.Select(name => converted.GetValueOrDefault(name, name))];
        return castsToHalf ? Cast(inputs[0], node.Outputs[0]) : node.With(inputs: inputs);
    }

    private static OnnxNode Cast(string from, string to) => new()
    {
        OpType = "Cast",
        Inputs = [from],
        Outputs = [to],
        Attributes = [OnnxAttribute.Of("to", (long)ElementType.Float)],
    };

    private static ElementType ConstantType(OnnxNode node) =>
        node is { OpType: "Constant" or "ConstantOfShape", Domain: "" }
            ? node.Attribute("value")?.Tensor?.ElementType ?? ElementType.Undefined
            : ElementType.Undefined;

    private static bool IsHalf(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16;
}
