using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// Reverse-mode differentiation. It appends the nodes that compute the gradient of Σ seed · logits with respect to some
/// tensors. It walks back from the logits, and the rule of each operator turns the gradient of the output into the
/// gradients of the inputs. The forward part does not change, so the logits stay bit-identical.
/// </summary>
internal sealed class Differentiator
{
    private readonly GradientRequest _request;
    private readonly OnnxGraph _graph;
    private readonly List<OnnxNode> _path;
    private readonly HashSet<string> _dependent;

    private Differentiator(OnnxGraph graph, GradientRequest request)
    {
        (_graph, _request) = (graph, request);
        _dependent = graph.Descendants(request.Tensors, GradientRules.StopsGradient);
        HashSet<string> ancestors = graph.Ancestors(request.Logits);
        _path = [.. graph.Ordered().Where(node => node.Outputs.Any(ancestors.Contains)
            && !GradientRules.StopsGradient(node) && node.Inputs.Concat(node.Captured).Any(_dependent.Contains))];
    }

    /// <summary>Builds the gradient model.</summary>
    /// <param name="model">The network.</param>
    /// <param name="request">The gradients to compute.</param>
    /// <param name="probe">Runs a model.</param>
    /// <exception cref="UnsupportedModelException">
    /// An operator between the tensors and the logits has no rule, or the network is quantized.
    /// </exception>
    public static GradientModel Build(OnnxGraph model, GradientRequest request, ModelProbe probe) =>
        new Differentiator(Prepare(model, request), request).Build(probe);

    /// <summary>
    /// Returns the network in float32 and with a recent operator set. The tensors of the request are its outputs.
    /// </summary>
    public static OnnxGraph Prepare(OnnxGraph model, GradientRequest request)
    {
        var prepared = new EditableModel(model);
        prepared.Prune([request.Logits, .. request.Tensors, .. request.Outputs]);
        HashSet<string> constants = [.. prepared.Initializers.Select(tensor => tensor.Name)];
        // A caller could override a declared input that has an initial value, so it would not be constant.
        prepared.Inputs.RemoveAll(input => constants.Contains(input.Name));
        prepared.IrVersion = Math.Max(prepared.IrVersion, 4);
        prepared.Outputs.Clear();
        foreach (string output in request.Outputs.Prepend(request.Logits))
            prepared.AddOutput(output);
        new FloatConversion(prepared).Convert();
        // Additional outputs are requested if every bit of them must be kept.
        bool keepsBits = request.Outputs.Count > 0;
        int opset = keepsBits ? OpsetRaiser.OfRules : OpsetRaiser.WithLayerNormalization;
        new OpsetRaiser(prepared, opset).Raise();
        return OnnxGraph.Read(prepared.ToBytes());
    }

    /// <summary>Returns the error for a network whose gradient cannot be computed.</summary>
    public static UnsupportedModelException Refusal(string why) => new(
        $"The gradient of this network cannot be computed: {why}. Methods that need no gradient work: Score-CAM, "
        + "Ablation-CAM, Recipro-CAM, Eigen-CAM, RISE and occlusion.");

    /// <summary>Describes a node for messages.</summary>
    public static string Describe(OnnxNode node)
    {
        string op = node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";
        return $"{op} '{(node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault())}'";
    }

    private GradientModel Build(ModelProbe probe)
    {
        CheckOperators();
        (TensorTable tensors, int? batch) = Probe(probe);
        CheckTypes(tensors);
        var model = new EditableModel(_graph);
        var backward = new GradientGraph(model, tensors, _request.Tensors);
        OnnxValue seed = DeclareSeed(model, tensors);
        Term start = backward.Tensor(seed.Name);
        List<(string Tensor, string Output)> biases = [];
        Dictionary<string, Term> gradients = Walk(backward, start, biases, out int guided);

        List<string> outputs = [];
        foreach (string tensor in _request.Tensors)
        {
            // A tensor that does not reach the logits has a gradient of 0.
            Term gradient = gradients.TryGetValue(tensor, out Term found) ? found : backward.ZerosLike(tensor);
            outputs.Add(model.AddNode("Identity", $"{tensor}:gradient", [gradient.Name]));
        }
        IEnumerable<string> taps = _request.Tensors.Where(tensor => _graph.Inputs.All(input => input.Name != tensor));
        foreach (string output in taps.Concat(outputs).Concat(biases.Select(bias => bias.Output)))
            model.AddOutput(output);
        model.Prune(model.Outputs.Select(output => output.Name));
        // A gradient of zeros does not need the seed, but the caller provides it nevertheless.
        if (model.Inputs.TrueForAll(input => input.Name != seed.Name))
            model.AddInput(seed);
        return new()
        {
            Bytes = model.ToBytes(),
            Seed = seed.Name,
            LogitsShape = seed.Dims!,
            Gradients = outputs,
            Biases = biases,
            Batch = batch,
            BatchChangesRounding = model.Nodes.Exists(Operators.IsReduction),
            BytesPerPicture = Memory(tensors),
            GuidedNodes = guided,
        };
    }

    /// <summary>Declares the seed as an input.</summary>
    private OnnxValue DeclareSeed(EditableModel model, TensorTable tensors)
    {
        long[] shape = tensors.Dims(_request.Logits);
        string name = model.FreeName("gradient:seed");
        model.AddInput(new OnnxValue { Name = name, ElementType = ElementType.Float, Dims = shape });
        // All free batch sizes get the same symbol, so that ONNX Runtime knows that they are equal.
        for (int i = 0; i < model.Inputs.Count; i++)
            if (model.Inputs[i].Dims is [< 0, ..])
                model.Inputs[i] = model.Inputs[i] with { Range = default };
        return model.Inputs[0];
    }

    /// <summary>
    /// Determines shapes with runs of one and two pictures, or with one run if the batch size is fixed.
    /// </summary>
    private (TensorTable Tensors, int? Batch) Probe(ModelProbe probe)
    {
        var exposed = new EditableModel(_graph);
        foreach (OnnxNode node in exposed.Nodes)
            foreach (string output in node.Outputs.Where(name => name.Length > 0))
                exposed.AddOutput(output);
        byte[] bytes = exposed.ToBytes();
        IReadOnlyDictionary<string, TensorSample> first = probe(bytes, _request.Batch ?? 1)
            ?? throw Refusal("the network does not run, so the shapes of its tensors cannot be found");
        // Some networks declare a free batch size but accept only one picture.
        if (_request.Batch is null && probe(bytes, 2) is { } second && TensorTable.IsSameNetwork(first, second))
            return (new TensorTable(_graph, first, second), null);
        return (new TensorTable(_graph, first, first), _request.Batch ?? 1);
    }

    /// <summary>Walks back from the logits. Returns the gradient of every tensor that was reached.</summary>
    private Dictionary<string, Term> Walk(
        GradientGraph backward, Term seed, List<(string Tensor, string Output)> biases, out int guided)
    {
        guided = 0;
        Dictionary<string, Term> gradients = new() { [_request.Logits] = seed };
        for (int i = _path.Count - 1; i >= 0; i--)
        {
            OnnxNode node = _path[i];
            Term?[] given = [.. node.Outputs.Select(name => gradients.TryGetValue(name, out Term g) ? g : (Term?)null)];
            if (given.All(gradient => gradient is null))
                continue;
            bool[] needs = [.. node.Inputs.Select(_dependent.Contains)];
            var step = new BackwardNode(node, backward, given, needs, _request.IsGuided);
            GradientRules.Of(node)!(step);
            guided += step.IsGuidedHere ? 1 : 0;
            if (_request.WithBiases && BiasRules.Of(step) is { } bias)
                biases.Add((node.Outputs[0], bias.Name));
            foreach ((string tensor, Term gradient) in step.Given)
                gradients[tensor] = gradients.TryGetValue(tensor, out Term sum) ? sum + gradient : gradient;
        }
        return gradients;
    }

    private void CheckOperators()
    {
        OnnxNode[] quantized = [.. _path.Where(GradientRules.IsQuantized)];
        if (quantized.Length > 0)
            throw Refusal(
                $"it is quantized ({string.Join(", ", quantized.Select(node => node.OpType).Distinct())}). "
                + "Rounding has no useful gradient; use the float network that it was made from");
        OnnxNode[] unknown = [.. _path.Where(node => GradientRules.Of(node) is null)];
        if (unknown.Length > 0)
            throw Refusal($"there is no rule for {List(unknown)}");
    }

    private static string List(OnnxNode[] nodes)
    {
        const int Most = 20;
        string more = nodes.Length > Most ? $" and {nodes.Length - Most} more" : "";
        return string.Join(", ", nodes.Take(Most).Select(Describe)) + more;
    }

    private void CheckTypes(TensorTable tensors)
    {
        foreach (string tensor in _request.Tensors)
            if (tensors.Type(tensor) != ElementType.Float)
                throw Refusal($"the tensor '{tensor}' holds {tensors.Type(tensor)} values, not real numbers");
        // Integers and masks stop the gradient, because values computed from them are constant almost everywhere.
        _dependent.RemoveWhere(tensor => tensors.Type(tensor) is not (ElementType.Float or ElementType.Double));
        OnnxNode? wide = _path.Find(node => node.Outputs.Any(
            name => _dependent.Contains(name) && tensors.Type(name) == ElementType.Double));
        if (wide is not null)
            throw Refusal($"{Describe(wide)} computes in float64; only float32 and float16 have rules");
    }

    /// <summary>
    /// Estimates the memory. Activations are kept until the backward pass has used them, and gradients take about the
    /// same amount.
    /// </summary>
    private long Memory(TensorTable tensors)
    {
        long bytes = 0;
        foreach (string tensor in _path.SelectMany(node => node.Outputs).Where(_dependent.Contains))
            bytes += 2 * sizeof(float) * tensors.Dims(tensor).Where(size => size > 0).Aggregate(1L, (a, b) => a * b);
        return bytes;
    }
}
