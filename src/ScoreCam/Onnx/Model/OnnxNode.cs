using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>A node of the main graph. Immutable.</summary>
internal sealed class OnnxNode
{
    /// <summary>Position among the nodes of the graph.</summary>
    public int Index { get; init; }

    /// <summary>Often empty. The tensors that a node makes identify it.</summary>
    public string Name { get; init; } = "";

    public required string OpType { get; init; }

    /// <summary>Empty for the operators of ONNX itself.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Names of tensors. An optional input that is left out is empty.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    /// <summary>
    /// Names that the node's subgraphs (If, Loop, Scan) read. Those of the main graph act as inputs of the node.
    /// </summary>
    public IReadOnlyList<string> Captured { get; init; } = [];

    /// <summary>The NodeProto in the model's bytes; none for a node that was made or changed here.</summary>
    public ByteRange Range { get; init; }

    public OnnxAttribute? Attribute(string name)
    {
        foreach (OnnxAttribute attribute in Attributes)
            if (attribute.Name == name)
                return attribute;
        return null;
    }

    public long Int(string name, long otherwise) => Attribute(name)?.Int ?? otherwise;

    public float Float(string name, float otherwise) => Attribute(name)?.Float ?? otherwise;

    /// <summary>A list of integers; null where the attribute is absent.</summary>
    public IReadOnlyList<long>? Ints(string name) => Attribute(name)?.Ints;

    public string Text(string name, string otherwise) => Attribute(name)?.Text ?? otherwise;

    /// <summary>The input at this position, or null where it is left out.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    /// <summary>The output at this position, or null where it is left out.</summary>
    public string? Output(int index) => index < Outputs.Count && Outputs[index].Length > 0 ? Outputs[index] : null;

    /// <summary>A copy with the given parts replaced. Its attributes keep their bytes, subgraphs included.</summary>
    public OnnxNode With(
        string? opType = null, IReadOnlyList<string>? inputs = null, IReadOnlyList<string>? outputs = null,
        IReadOnlyList<OnnxAttribute>? attributes = null, string? name = null) => new()
        {
            Index = Index,
            Name = name ?? Name,
            OpType = opType ?? OpType,
            Domain = Domain,
            Inputs = inputs ?? Inputs,
            Outputs = outputs ?? Outputs,
            Attributes = attributes ?? Attributes,
            Captured = Captured,
        };

    public override string ToString() => $"{OpType} → {string.Join(", ", Outputs)}";
}

/// <summary>An attribute of a node. What it does not hold is zero, empty or null.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public AttributeKind Kind { get; init; }

    public long Int { get; init; }

    public float Float { get; init; }

    public IReadOnlyList<long> Ints { get; init; } = [];

    /// <summary>The first values of a list of floats. Longer lists are not needed.</summary>
    public IReadOnlyList<float> Floats { get; init; } = [];

    /// <summary>A short string, such as a mode; null where there is none, or a long one.</summary>
    public string? Text { get; init; }

    public OnnxInitializer? Tensor { get; init; }

    public bool HasSubgraph { get; init; }

    /// <summary>The AttributeProto in the model's bytes; none for an attribute that was made here.</summary>
    public ByteRange Range { get; init; }

    public static OnnxAttribute Of(string name, long value) => new(name) { Kind = AttributeKind.Int, Int = value };

    public static OnnxAttribute Of(string name, float value) => new(name) { Kind = AttributeKind.Float, Float = value };

    public static OnnxAttribute Of(string name, string value) =>
        new(name) { Kind = AttributeKind.String, Text = value };

    public static OnnxAttribute Of(string name, params IReadOnlyList<long> values) =>
        new(name) { Kind = AttributeKind.Ints, Ints = values };
}
