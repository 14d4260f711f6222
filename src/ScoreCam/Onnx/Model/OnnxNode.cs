using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>A node of the main graph. Immutable.</summary>
internal sealed class OnnxNode
{
    /// <summary>The position among the nodes of the graph.</summary>
    public int Index { get; init; }

    /// <summary>The name, which is often empty. The outputs of a node identify it.</summary>
    public string Name { get; init; } = "";

    public required string OpType { get; init; }

    /// <summary>The domain. Empty for the operators of ONNX itself.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The names of the input tensors. An omitted optional input is empty.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    /// <summary>
    /// The names that the node's subgraphs (If, Loop, Scan) read. Names of the main graph act as inputs of the node.
    /// </summary>
    public IReadOnlyList<string> Captured { get; init; } = [];

    /// <summary>
    /// The range of the NodeProto in the model's bytes. Empty for a node that this library created or changed.
    /// </summary>
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

    /// <summary>Returns a list of integers; null if the attribute is absent.</summary>
    public IReadOnlyList<long>? Ints(string name) => Attribute(name)?.Ints;

    public string Text(string name, string otherwise) => Attribute(name)?.Text ?? otherwise;

    /// <summary>Returns the input at this position; null if it is omitted.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    /// <summary>Returns the output at this position; null if it is omitted.</summary>
    public string? Output(int index) => index < Outputs.Count && Outputs[index].Length > 0 ? Outputs[index] : null;

    /// <summary>
    /// Returns a copy with the given parts replaced. Its attributes, including subgraphs, keep their bytes.
    /// </summary>
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

/// <summary>An attribute of a node. Absent values are zero, empty or null.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public AttributeKind Kind { get; init; }

    public long Int { get; init; }

    public float Float { get; init; }

    public IReadOnlyList<long> Ints { get; init; } = [];

    /// <summary>The first values of a list of floats. Longer lists are not needed.</summary>
    public IReadOnlyList<float> Floats { get; init; } = [];

    /// <summary>A short string, such as a mode; null if there is none, or if it is long.</summary>
    public string? Text { get; init; }

    public OnnxInitializer? Tensor { get; init; }

    public bool HasSubgraph { get; init; }

    /// <summary>
    /// The range of the AttributeProto in the model's bytes. Empty for an attribute that this library created.
    /// </summary>
    public ByteRange Range { get; init; }

    public static OnnxAttribute Of(string name, long value) => new(name) { Kind = AttributeKind.Int, Int = value };

    public static OnnxAttribute Of(string name, float value) => new(name) { Kind = AttributeKind.Float, Float = value };

    public static OnnxAttribute Of(string name, string value) =>
        new(name) { Kind = AttributeKind.String, Text = value };

    public static OnnxAttribute Of(string name, params IReadOnlyList<long> values) =>
        new(name) { Kind = AttributeKind.Ints, Ints = values };
}
