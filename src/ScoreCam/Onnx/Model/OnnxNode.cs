using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>A node of the main graph.</summary>
internal sealed class OnnxNode
{
    /// <summary>Position among the nodes of the graph.</summary>
    public required int Index { get; init; }

    /// <summary>Often empty: nodes are told apart by the tensors they make.</summary>
    public required string Name { get; init; }

    public required string OpType { get; init; }

    /// <summary>Empty for the operators of ONNX itself.</summary>
    public required string Domain { get; init; }

    /// <summary>Names of tensors; an optional input that is left out is empty.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public required IReadOnlyList<OnnxAttribute> Attributes { get; init; }

    /// <summary>Names that the node's subgraphs (If, Loop, Scan) read; those of the main graph are inputs of the node in all but name.</summary>
    public required IReadOnlyList<string> Captured { get; init; }

    /// <summary>The NodeProto in the model's bytes.</summary>
    public required ByteRange Range { get; init; }

    public OnnxAttribute? Attribute(string name)
    {
        foreach (OnnxAttribute attribute in Attributes)
            if (attribute.Name == name)
                return attribute;
        return null;
    }

    public long Int(string name, long otherwise) => Attribute(name)?.Int ?? otherwise;

    /// <summary>The input at this place, or null where it is left out.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    public override string ToString() => $"{OpType} → {string.Join(", ", Outputs)}";
}

/// <summary>An attribute of a node; what it does not hold is zero or empty.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public long Int { get; init; }

    public float Float { get; init; }

    public IReadOnlyList<long> Ints { get; init; } = [];

    public OnnxInitializer? Tensor { get; init; }

    public bool HasSubgraph { get; init; }
}
