using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// Replaces the calls of a model's local functions with the bodies of the functions, including nested calls. The
/// tensors inside the functions become tensors of the main graph. Exporters write one function per module.
/// </summary>
internal sealed class FunctionInliner
{
    private const int DeepestCall = 64;

    /// <summary>The largest number of nodes. Functions that call each other twice would grow without limit.</summary>
    private const int MostNodes = 1_000_000;

    private readonly ReadOnlyMemory<byte> _model;
    private readonly Dictionary<(string Domain, string Name, string Overload), LocalFunction> _functions = [];
    private readonly HashSet<string> _taken = [];
    private readonly Dictionary<string, int> _calls = [];
    private int _nodes;

    private FunctionInliner(ReadOnlyMemory<byte> model) => _model = model;

    /// <summary>Returns the model without local functions; null if it has none.</summary>
    /// <exception cref="UnsupportedModelException">The functions cannot be inlined.</exception>
    public static ReadOnlyMemory<byte>? Inline(ReadOnlyMemory<byte> model)
    {
        try
        {
            return new FunctionInliner(model).Run();
        }
        catch (InvalidDataException malformed)
        {
            throw new UnsupportedModelException(
                $"The model's local functions cannot be read ({malformed.Message}): it is damaged.", malformed);
        }
    }

    private ReadOnlyMemory<byte>? Run()
    {
        Dictionary<string, long> opsets = [];
        foreach ((int field, ByteRange range) in Messages(new ByteRange(0, _model.Length)))
        {
            switch (field)
            {
                case Schema.Model.Function:
                    var function = LocalFunction.Read(_model.Span, range);
                    _functions[(function.Domain, function.Name, function.Overload)] = function;
                    break;
                case Schema.Model.OpsetImport:
                    (string domain, long version) = LocalFunction.ReadOpset(new ProtoReader(_model.Span, range));
                    opsets[domain] = version;
                    break;
                case Schema.Model.Graph:
                    CollectNames(range);
                    break;
            }
        }
        if (_functions.Count == 0)
            return null;
        var missing = new ProtoWriter();
        foreach ((string domain, long version) in _functions.Values.SelectMany(f => f.Opsets))
        {
            if (opsets.TryAdd(domain, version))
                missing.Message(Schema.Model.OpsetImport, Opset(domain, version));
            else if (opsets[domain] != version)
                throw new UnsupportedModelException(
                    $"A local function of the model uses version {version} of the operators '{domain}', and the model "
                    + $"version {opsets[domain]}; convert the model to one version, for example with "
                    + "onnx.version_converter.");
        }
        return Write(missing).ToArray();
    }

    private static ProtoWriter Opset(string domain, long version) =>
        new ProtoWriter().Text(Schema.Opset.Domain, domain).Int64(Schema.Opset.Version, version);

    private ProtoWriter Write(ProtoWriter opsets)
    {
        var model = new ProtoWriter();
        var reader = new ProtoReader(_model.Span);
        for (int start = 0; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            ByteRange? message = type == WireType.Bytes ? reader.Peek() : null;
            reader.Skip(type);
            if (field == Schema.Model.Graph && message is { } graph)
                model.Message(Schema.Model.Graph, Graph(graph, new Scope("", null), 0));
            else if (field != Schema.Model.Function)
                model.Raw(_model[start..reader.Position]);
        }
        return model.Raw(opsets);
    }

    /// <summary>Writes a graph with its calls inlined. Inside a function's body, its tensors are renamed.</summary>
    private ProtoWriter Graph(ByteRange range, Scope scope, int depth)
    {
        var graph = new ProtoWriter();
        var reader = new ProtoReader(_model.Span, range);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            ByteRange? message = type == WireType.Bytes ? reader.Peek() : null;
            reader.Skip(type);
            ReadOnlyMemory<byte> whole = _model[start..reader.Position];
            int named = field switch
            {
                Schema.Graph.Initializer => Schema.Tensor.Name,
                Schema.Graph.Input or Schema.Graph.Output or Schema.Graph.ValueInfo => Schema.Value.Name,
                _ => 0,
            };
            if (field == Schema.Graph.Node && message is { } node)
                Node(node, whole, scope, graph, depth);
            else if (named > 0 && message is { } value && !scope.IsMain)
                graph.Message(field, Renamed(value, named, scope));
            else
                graph.Raw(whole);
        }
        return graph;
    }

    private ProtoWriter Renamed(ByteRange range, int nameField, Scope scope)
    {
        var message = new ProtoWriter();
        var reader = new ProtoReader(_model.Span, range);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field == nameField && type == WireType.Bytes)
            {
                message.Text(field, NameIn(scope, reader.Text()));
                continue;
            }
            reader.Skip(type);
            message.Raw(_model[start..reader.Position]);
        }
        return message;
    }

    private void Node(ByteRange range, ReadOnlyMemory<byte> whole, Scope scope, ProtoWriter graph, int depth)
    {
        if (++_nodes > MostNodes || depth > DeepestCall)
            throw new UnsupportedModelException(
                $"The model's local functions have more than {MostNodes} nodes when they are written out, or call each "
                + $"other more than {DeepestCall} deep.");
        CalledNode node = CalledNode.Read(_model.Span, range);
        if (_functions.GetValueOrDefault((node.Domain, node.OpType, node.Overload)) is { } function)
            Body(function, node, scope, graph, depth + 1);
        else if (scope.IsMain && !node.HasSubgraph)
            graph.Raw(whole);
        else
            graph.Message(Schema.Graph.Node, Copy(range, scope, depth));
    }

    private void Body(LocalFunction function, CalledNode call, Scope outer, ProtoWriter graph, int depth)
    {
        string name = call.Name.Length > 0 ? call.Name : call.OpType;
        var inner = new Scope(outer.IsMain ? name : $"{outer.Path}/{name}", []);
        for (int i = 0; i < function.Inputs.Count; i++)
            inner.Names![function.Inputs[i]] = i < call.Inputs.Count ? NameIn(outer, call.Inputs[i]) : "";
        for (int i = 0; i < function.Outputs.Count && i < call.Outputs.Count; i++)
        {
            if (call.Outputs[i].Length == 0)
                continue;
            string result = NameIn(outer, call.Outputs[i]);
            // A function can pass an input through. Otherwise, one of its nodes computes the output.
            if (inner.Names!.TryGetValue(function.Outputs[i], out string? given))
                graph.Message(Schema.Graph.Node, Identity(given, result));
            else
                inner.Names[function.Outputs[i]] = result;
        }
        foreach ((string attribute, ByteRange range) in function.Defaults)
            inner.Attributes[attribute] = range;
        foreach ((string attribute, ByteRange range) in call.Attributes)
        {
            // The attribute can itself be an attribute of the calling function.
            string? reference = CalledNode.Reference(_model.Span, range);
            if (reference is null)
                inner.Attributes[attribute] = range;
            else if (outer.Attributes.TryGetValue(reference, out ByteRange bound))
                inner.Attributes[attribute] = bound;
        }
        foreach (ByteRange node in function.Nodes)
            Node(node, default, inner, graph, depth);
    }

    private static ProtoWriter Identity(string from, string to) =>
        new ProtoWriter().Text(Schema.Node.Input, from).Text(Schema.Node.Output, to)
            .Text(Schema.Node.OpType, "Identity");

    /// <summary>Writes a node with its tensors renamed and the attributes of its function inserted.</summary>
    private ProtoWriter Copy(ByteRange range, Scope scope, int depth)
    {
        var node = new ProtoWriter();
        var reader = new ProtoReader(_model.Span, range);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field is Schema.Node.Input or Schema.Node.Output && type == WireType.Bytes)
                node.Text(field, NameIn(scope, reader.Text()));
            else if (field == Schema.Node.Name && type == WireType.Bytes)
                node.Text(field, scope.IsMain ? reader.Text() : $"{scope.Path}/{reader.Text()}");
            else if (field == Schema.Node.Attribute && type == WireType.Bytes)
                Attribute(reader.Range(), scope, node, depth);
            else
            {
                reader.Skip(type);
                node.Raw(_model[start..reader.Position]);
            }
        }
        return node;
    }

    private void Attribute(ByteRange range, Scope scope, ProtoWriter node, int depth)
    {
        string name = CalledNode.AttributeName(_model.Span, range);
        if (CalledNode.Reference(_model.Span, range) is { } reference)
        {
            // An attribute that the call omits keeps the operator's default.
            if (!scope.Attributes.TryGetValue(reference, out range))
                return;
        }
        var attribute = new ProtoWriter();
        var reader = new ProtoReader(_model.Span, range);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field == Schema.Attribute.Name && type == WireType.Bytes)
            {
                reader.Skip(type);
                attribute.Text(field, name);
            }
            else if (field is Schema.Attribute.Graph or Schema.Attribute.Graphs && type == WireType.Bytes)
            {
                attribute.Message(field, Graph(reader.Range(), scope, depth + 1));
            }
            else
            {
                reader.Skip(type);
                attribute.Raw(_model[start..reader.Position]);
            }
        }
        node.Message(Schema.Node.Attribute, attribute);
    }

    /// <summary>
    /// Returns the name in the main graph for a name in a function's body. A name that is free there does not change.
    /// </summary>
    private string NameIn(Scope scope, string name)
    {
        if (scope.IsMain || name.Length == 0)
            return name;
        if (scope.Names!.TryGetValue(name, out string? known))
            return known;
        string free = name;
        if (!_taken.Add(free))
        {
            string wanted = $"{scope.Path}/{name}";
            // A function can be called very often, so the search continues where it ended for the last call.
            int i = _calls.GetValueOrDefault(wanted);
            do
                free = ++i == 1 ? wanted : $"{wanted}_{i}";
            while (!_taken.Add(free));
            _calls[wanted] = i;
        }
        return scope.Names[name] = free;
    }

    private void CollectNames(ByteRange graph)
    {
        foreach ((int field, ByteRange range) in Messages(graph))
            if (field == Schema.Graph.Node)
                _taken.UnionWith(CalledNode.Read(_model.Span, range).AllNames);
            else if (field == Schema.Graph.Initializer)
                _taken.Add(CalledNode.Text(_model.Span, range, Schema.Tensor.Name));
            else if (field == Schema.Graph.Input)
                _taken.Add(CalledNode.Text(_model.Span, range, Schema.Value.Name));
    }

    private List<(int Field, ByteRange Range)> Messages(ByteRange range)
    {
        List<(int, ByteRange)> messages = [];
        var reader = new ProtoReader(_model.Span, range);
        while (reader.Next(out int field, out WireType type))
        {
            if (type == WireType.Bytes)
                messages.Add((field, reader.Peek()));
            reader.Skip(type);
        }
        return messages;
    }

    /// <summary>The mapping of names inside a call.</summary>
    /// <param name="Path">The path of the call, for new names.</param>
    /// <param name="Names">
    /// The names in the main graph, by the names in the body; null for the main graph itself.
    /// </param>
    private sealed record Scope(string Path, Dictionary<string, string>? Names)
    {
        public bool IsMain => Names is null;

        /// <summary>The attributes of the call, by the names that the body uses.</summary>
        public Dictionary<string, ByteRange> Attributes { get; } = [];
    }
}
