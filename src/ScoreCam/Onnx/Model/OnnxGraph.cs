namespace ScoreCam.Onnx.Model;

/// <summary>The nodes and tensors of a model. Weights stay in the model's bytes, unread. Immutable.</summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, OnnxNode> _producers = [];
    private readonly Dictionary<string, List<OnnxNode>> _consumers = [];
    private readonly Dictionary<string, OnnxInitializer> _initializers = [];

    /// <exception cref="UnsupportedModelException">A tensor is made twice.</exception>
    public OnnxGraph(OnnxParts parts)
    {
        Bytes = parts.Bytes;
        IrVersion = parts.IrVersion;
        OpsetImports = parts.OpsetImports;
        Metadata = parts.Metadata;
        Nodes = parts.Nodes;
        Initializers = parts.Initializers;
        foreach (OnnxInitializer initializer in parts.Initializers)
            _initializers.TryAdd(initializer.Name, initializer);
        AllInputs = parts.Inputs;
        Inputs = [.. parts.Inputs.Where(v => !_initializers.ContainsKey(v.Name))];
        Outputs = parts.Outputs;
        ValueInfo = parts.ValueInfo;
        HashSet<string> given = [.. parts.Inputs.Select(v => v.Name), .. _initializers.Keys];
        foreach (OnnxNode node in Nodes)
            Link(node, given);
    }

    /// <summary>Reads a model's graph, skipping its weights.</summary>
    /// <exception cref="UnsupportedModelException">Not an ONNX model, or damaged; the message says which.</exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> model) => OnnxReader.Read(model);

    /// <summary>The bytes of the model. The ranges of nodes, constants and values refer to them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public long IrVersion { get; }

    /// <summary>Version of each operator set by domain; ONNX's own is the empty one.</summary>
    public IReadOnlyDictionary<string, long> OpsetImports { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyList<OnnxNode> Nodes { get; }

    public IReadOnlyList<OnnxInitializer> Initializers { get; }

    /// <summary>The inputs that a caller must feed. Inputs that are initializers too are left out.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>All declared inputs. Until IR version 4 every initializer had to be one too.</summary>
    public IReadOnlyList<OnnxValue> AllInputs { get; }

    public IReadOnlyList<OnnxValue> Outputs { get; }

    public IReadOnlyList<OnnxValue> ValueInfo { get; }

    /// <summary>
    /// The constant behind a tensor: an initializer, or the value of a Constant node; null where the tensor is
    /// computed.
    /// </summary>
    public OnnxInitializer? Constant(string? tensor) =>
        tensor is null ? null : Initializer(tensor) ?? (Producer(tensor) is { } node ? Constants.ValueOf(node) : null);

    /// <summary>The node that makes the tensor; null for inputs, initializers and unknown names.</summary>
    public OnnxNode? Producer(string tensor) => _producers.GetValueOrDefault(tensor);

    /// <summary>
    /// The nodes that read the tensor, those that read it from inside a subgraph included, in graph order.
    /// </summary>
    public IReadOnlyList<OnnxNode> Consumers(string tensor) =>
        _consumers.TryGetValue(tensor, out List<OnnxNode>? nodes) ? nodes : [];

    public OnnxInitializer? Initializer(string tensor) => _initializers.GetValueOrDefault(tensor);

    /// <summary>Whether the main graph has a tensor of this name.</summary>
    public bool HasTensor(string name) =>
        _producers.ContainsKey(name) || _initializers.ContainsKey(name) || Inputs.Any(v => v.Name == name);

    /// <summary>Every tensor on whose values these depend, including these. Sizes of tensors do not count.</summary>
    public HashSet<string> Ancestors(params IEnumerable<string> tensors)
    {
        HashSet<string> seen = [.. tensors];
        HashSet<OnnxNode> passed = [];
        var open = new Stack<string>(seen);
        while (open.TryPop(out string? current))
        {
            if (Producer(current) is not { } node || !passed.Add(node))
                continue;
            foreach (string input in Sources(node))
                if (seen.Add(input))
                    open.Push(input);
        }
        return seen;
    }

    /// <summary>Every tensor whose values depend on these, without these. Sizes of tensors do not count.</summary>
    public HashSet<string> Dependents(params IEnumerable<string> tensors)
    {
        HashSet<string> seen = [];
        var open = new Stack<string>(tensors);
        while (open.TryPop(out string? current))
            foreach (OnnxNode node in Consumers(current).Where(node => !Operators.ReadsShapeOnly(node)))
                foreach (string output in node.Outputs.Where(output => output.Length > 0))
                    if (seen.Add(output))
                        open.Push(output);
        return seen;
    }

    /// <summary>
    /// Every tensor on whose values these depend, without these unless others of them depend on them.
    /// </summary>
    public HashSet<string> AncestorsWithout(IEnumerable<string> tensors) =>
        Ancestors(tensors.Select(Producer).OfType<OnnxNode>().Distinct().SelectMany(Sources));

    /// <summary>These tensors and every tensor computed from them, except through nodes that stop.</summary>
    public HashSet<string> Descendants(IEnumerable<string> tensors, Func<OnnxNode, bool> stops)
    {
        HashSet<string> seen = [.. tensors];
        var open = new Stack<string>(seen);
        while (open.TryPop(out string? current))
            foreach (OnnxNode node in Consumers(current))
                if (!stops(node))
                    foreach (string output in node.Outputs)
                        if (output.Length > 0 && seen.Add(output))
                            open.Push(output);
        return seen;
    }

    /// <summary>
    /// The nodes, each after those it reads from. ONNX asks for this order, but not every file keeps it. Nodes of a
    /// cycle are left out.
    /// </summary>
    public List<OnnxNode> Ordered()
    {
        Dictionary<OnnxNode, int> waiting = [];
        foreach (OnnxNode node in Nodes)
        {
            IEnumerable<string> read = node.Inputs.Concat(node.Captured).Distinct();
            waiting[node] = read.Count(_producers.ContainsKey);
        }
        var ready = new Queue<OnnxNode>(Nodes.Where(node => waiting[node] == 0));
        List<OnnxNode> order = [];
        while (ready.TryDequeue(out OnnxNode? node))
        {
            order.Add(node);
            foreach (OnnxNode next in node.Outputs.Where(name => name.Length > 0).SelectMany(Consumers))
                if (--waiting[next] == 0)
                    ready.Enqueue(next);
        }
        return order;
    }

    /// <summary>The tensors from whose values a node computes.</summary>
    private static IEnumerable<string> Sources(OnnxNode node) =>
        Operators.ReadsShapeOnly(node) ? [] : node.Inputs.Concat(node.Captured).Where(name => name.Length > 0);

    private void Link(OnnxNode node, HashSet<string> given)
    {
        // Every tensor has one producer, so what depends on the image is never part of a cycle. ONNX Runtime refuses
        // other
        // models as well.
        foreach (string output in node.Outputs)
        {
            if (output.Length > 0 && (given.Contains(output) || !_producers.TryAdd(output, node)))
                throw new UnsupportedModelException(
                    $"The tensor '{output}' is made by a node ({node.OpType}) and made or given a second time: "
                    + "the model is damaged.");
        }
        foreach (string input in node.Inputs.Concat(node.Captured))
        {
            if (input.Length == 0)
                continue;
            if (!_consumers.TryGetValue(input, out List<OnnxNode>? nodes))
                _consumers.Add(input, nodes = []);
            if (nodes.Count == 0 || nodes[^1] != node)
                nodes.Add(node);
        }
    }
}

/// <summary>
/// What the reader collects. Protobuf merges repeated occurrences of a message, so a graph may come in pieces.
/// </summary>
internal sealed class OnnxParts(ReadOnlyMemory<byte> bytes)
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    public long IrVersion { get; set; }

    public bool HasGraph { get; set; }

    public Dictionary<string, long> OpsetImports { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxInitializer> Initializers { get; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    public List<OnnxValue> ValueInfo { get; } = [];
}
