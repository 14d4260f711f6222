using System.Runtime.InteropServices;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// A model that can be changed and written back. Unchanged parts keep their bytes: weights, subgraphs, local functions
/// and metadata are neither parsed nor copied before the whole model is written. Not thread-safe.
/// </summary>
internal sealed class EditableModel
{
    private readonly OnnxGraph _source;
    private readonly Dictionary<OnnxInitializer, ProtoWriter> _contents = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, int> _numbers = [];

    public EditableModel(OnnxGraph source)
    {
        _source = source;
        IrVersion = source.IrVersion;
        Opset = source.OpsetImports.GetValueOrDefault("");
        Nodes = [.. source.Nodes];
        Initializers = [.. source.Initializers];
        Inputs = [.. source.AllInputs];
        Outputs = [.. source.Outputs];
        ValueInfo = [.. source.ValueInfo];
        _names =
        [
            .. Nodes.SelectMany(node => node.Outputs), .. Nodes.SelectMany(node => node.Captured),
            .. Initializers.Select(tensor => tensor.Name), .. Inputs.Select(value => value.Name),
        ];
    }

    public long IrVersion { get; set; }

    /// <summary>The version of ONNX's own operators; 0 if the model does not state it.</summary>
    public long Opset { get; set; }

    public List<OnnxNode> Nodes { get; }

    public List<OnnxInitializer> Initializers { get; }

    /// <summary>The declared inputs. Until IR version 4, every initializer also had to be an input.</summary>
    public List<OnnxValue> Inputs { get; }

    public List<OnnxValue> Outputs { get; }

    /// <summary>The declared types of intermediate tensors.</summary>
    public List<OnnxValue> ValueInfo { get; }

    /// <summary>Makes a tensor an output. A tensor that is already an output does not change.</summary>
    /// <exception cref="ArgumentException">The main graph has no tensor with this name.</exception>
    public void AddOutput(string tensor)
    {
        if (!_names.Contains(tensor))
            throw new ArgumentException($"The model's main graph has no tensor '{tensor}'.", nameof(tensor));
        // ONNX Runtime rejects two outputs with the same name.
        if (!Outputs.Exists(output => output.Name == tensor))
            Outputs.Add(new OnnxValue { Name = tensor });
    }

    /// <summary>Declares an input and puts it before the others.</summary>
    public void AddInput(OnnxValue input)
    {
        _names.Add(input.Name);
        Inputs.Insert(0, input);
    }

    /// <summary>Adds a node with one output. Returns the name of the output.</summary>
    /// <param name="opType">An operator of ONNX.</param>
    /// <param name="output">The name of the output. If it is taken, a similar name is used.</param>
    /// <param name="inputs">The tensors that the node reads.</param>
    /// <param name="attributes">The attributes of the node.</param>
    public string AddNode(
        string opType, string output, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string name = FreeName(output);
        Nodes.Add(new() { Name = name, OpType = opType, Inputs = inputs, Outputs = [name], Attributes = attributes });
        return name;
    }

    /// <summary>
    /// Adds the real numbers of a quantized tensor, (q − zero point) · scale. Returns the name of the result.
    /// </summary>
    public string AddDequantize(string tensor, string scale, string? zeroPoint) =>
        AddNode("DequantizeLinear", $"{tensor}:real", zeroPoint is null ? [tensor, scale] : [tensor, scale, zeroPoint]);

    /// <summary>Adds a constant of real numbers. Returns its name.</summary>
    public string AddConstant(string name, ReadOnlySpan<float> values, params IReadOnlyList<long> dims) =>
        AddConstant(name, ElementType.Float, dims, MemoryMarshal.AsBytes(values), null);

    /// <summary>Adds a constant list of integers. Returns its name.</summary>
    public string AddConstant(string name, params IReadOnlyList<long> values) =>
        AddConstant(name, ElementType.Int64, [values.Count], MemoryMarshal.AsBytes<long>(values.ToArray()), values);

    /// <summary>Replaces the content of a constant, which is its whole TensorProto.</summary>
    public void Replace(OnnxInitializer tensor, ProtoWriter content) => _contents[tensor] = content;

    /// <summary>
    /// Returns this name or, if it is taken, a name that begins with it. The returned name is then taken.
    /// </summary>
    public string FreeName(string wanted)
    {
        if (_names.Add(wanted))
            return wanted;
        int number = _numbers.GetValueOrDefault(wanted, 1);
        string name;
        do
            name = $"{wanted}_{++number}";
        while (!_names.Add(name));
        _numbers[wanted] = number;
        return name;
    }

    /// <summary>Removes nodes, constants and inputs that these tensors do not need.</summary>
    /// <param name="tensors">The tensors to compute.</param>
    /// <param name="given">The tensors that are given instead of computed.</param>
    /// <returns>The inputs of the network that are still needed.</returns>
    public IReadOnlyList<string> Prune(IEnumerable<string> tensors, params IReadOnlyCollection<string> given)
    {
        Dictionary<string, OnnxNode> producers = [];
        foreach (OnnxNode node in Nodes)
            foreach (string output in node.Outputs)
                producers[output] = node;
        HashSet<string> needed = [.. tensors];
        HashSet<OnnxNode> kept = [];
        var open = new Stack<string>(needed);
        while (open.TryPop(out string? tensor))
        {
            if (given.Contains(tensor) || !producers.TryGetValue(tensor, out OnnxNode? node) || !kept.Add(node))
                continue;
            foreach (string name in node.Inputs.Concat(node.Captured))
                if (name.Length > 0 && needed.Add(name))
                    open.Push(name);
        }
        HashSet<string> constants = [.. Initializers.Select(tensor => tensor.Name)];
        Nodes.RemoveAll(node => !kept.Contains(node));
        Initializers.RemoveAll(tensor => given.Contains(tensor.Name) || !needed.Contains(tensor.Name));
        Inputs.RemoveAll(value => given.Contains(value.Name) || !needed.Contains(value.Name));
        return [.. Inputs.Select(value => value.Name).Where(name => !constants.Contains(name))];
    }

    /// <summary>Returns the changed model as a message that is not yet copied into one array.</summary>
    public ProtoWriter Write() => new ModelWriter(_source, this, _contents).Write();

    /// <summary>Returns the bytes of the changed model.</summary>
    public byte[] ToBytes() => Write().ToArray();

    private string AddConstant(
        string wanted, ElementType type, IReadOnlyList<long> dims, ReadOnlySpan<byte> raw,
        IReadOnlyList<long>? integers)
    {
        string name = FreeName(wanted);
        var tensor = new OnnxInitializer { Name = name, ElementType = type, Dims = dims, Integers = integers };
        var content = new ProtoWriter();
        content.Int64s(Schema.Tensor.Dims, dims).Int64(Schema.Tensor.ElementType, (long)type);
        content.Text(Schema.Tensor.Name, name).Bytes(Schema.Tensor.RawData, raw);
        Initializers.Add(tensor);
        _contents.Add(tensor, content);
        return name;
    }
}
