namespace ScoreCam.Onnx.Model;

/// <summary>
/// The nodes and tensors of a model. Weights are not read; they stay in the model's bytes. Immutable.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, OnnxNode> _producers = [];
    private readonly Dictionary<string, List<OnnxNode>> _consumers = [];
    private readonly Dictionary<string, OnnxInitializer> _initializers = [];

    /// <exception cref="UnsupportedModelException">A tensor is produced twice.</exception>
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
    /// <exception cref="UnsupportedModelException">
    /// The bytes are not an ONNX model, or they are damaged. The message states which.
    /// </exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> model) => OnnxReader.Read(model);

    /// <summary>The bytes of the model. The ranges of nodes, constants and values refer to them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public long IrVersion { get; }

    /// <summary>The version of each operator set, by domain. The empty domain is ONNX's own.</summary>
    public IReadOnlyDictionary<string, long> OpsetImports { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyList<OnnxNode> Nodes { get; }

    public IReadOnlyList<OnnxInitializer> Initializers { get; }

    /// <summary>The inputs that a caller must provide. Inputs that are also initializers are excluded.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>All declared inputs. Until IR version 4, every initializer also had to be an input.</summary>
    public IReadOnlyList<OnnxValue> AllInputs { get; }

    public IReadOnlyList<OnnxValue> Outputs { get; }

    public IReadOnlyList<OnnxValue> ValueInfo { get; }

    /// <summary>
    /// Returns the constant behind a tensor: an initializer, or the value of a Constant node; null if the tensor is
    /// computed.
    /// </summary>
    public OnnxInitializer? Constant(string? tensor) =>
        tensor is null ? null : Initializer(tensor) ?? (Producer(tensor) is { } node ? Constants.ValueOf(node) : null);

    /// <summary>Returns the node that produces the tensor; null for inputs, initializers and unknown names.</summary>
    public OnnxNode? Producer(string tensor) => _producers.GetValueOrDefault(tensor);

    /// <summary>
    /// Returns the nodes that read the tensor, in graph order. Nodes that read it inside a subgraph are included.
    /// </summary>
    public IReadOnlyList<OnnxNode> Consumers(string tensor) =>
        _consumers.TryGetValue(tensor, out List<OnnxNode>? nodes) ? nodes : [];

    public OnnxInitializer? Initializer(string tensor) => _initializers.GetValueOrDefault(tensor);

    /// <summary>Whether the main graph has a tensor with this name.</summary>
    public bool HasTensor(string name) =>
        _producers.ContainsKey(name) || _initializers.ContainsKey(name) || Inputs.Any(v => v.Name == name);

    /// <summary>
    /// Returns all tensors on whose values the given tensors depend, including the given tensors. Dependence on sizes
    /// does not count.
    /// </summary>
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

    /// <summary>
    /// Returns all tensors whose values depend on the given tensors, excluding the given tensors. Dependence on sizes
    /// does not count.
    /// </summary>
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
    /// Returns all tensors on whose values the given tensors depend. A given tensor is included only if another given
    /// tensor depends on it.
    /// </summary>
    public HashSet<string> AncestorsWithout(IEnumerable<string> tensors) =>
        Ancestors(tensors.Select(Producer).OfType<OnnxNode>().Distinct().SelectMany(Sources));

    /// <summary>
    /// Returns the given tensors and every tensor computed from them, except through nodes that stop the search.
    /// </summary>
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
    /// Returns the nodes, each one after the nodes that it reads from. ONNX requires this order, but some files violate
    /// it. Nodes of a cycle are excluded.
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

    /// <summary>Returns the tensors from whose values a node computes its outputs.</summary>
    private static IEnumerable<string> Sources(OnnxNode node) =>
        Operators.ReadsShapeOnly(node) ? [] : node.Inputs.Concat(node.Captured).Where(name => name.Length > 0);

    private void Link(OnnxNode node, HashSet<string> given)
    {
        // Every tensor has one producer, so tensors that depend on the image are never part of a cycle. ONNX Runtime
        // also rejects models that violate this.
        foreach (string output in node.Outputs)
        {
            if (output.Length > 0 && (given.Contains(output) || !_producers.TryAdd(output, node)))
                throw new UnsupportedModelException(
                    $"The model is damaged: a node ({node.OpType}) computes the tensor '{output}', which another node "
                    + "or an input also defines.");
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
/// The parts that the reader collects. Protobuf merges repeated occurrences of a message, so a graph can consist of
/// several pieces.
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
