using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>Appends nodes and constants of the backward pass to a model. Equal constants are stored once.</summary>
internal sealed class GradientGraph(EditableModel model, TensorTable tensors, IReadOnlyList<string> wanted)
{
    private readonly Dictionary<float, Term> _reals = [];
    private readonly Dictionary<string, Term> _integers = [];

    private readonly Dictionary<string, bool> _blocked = [];
    private readonly Dictionary<(float, string), Term> _filled = [];

    public EditableModel Model => model;

    /// <summary>
    /// Whether ONNX Runtime computes a tensor of the forward pass in the blocked layout of its convolutions.
    /// </summary>
    public bool IsBlocked(string tensor)
    {
        if (!_blocked.TryGetValue(tensor, out bool blocked))
        {
            blocked = tensors.Graph.Producer(tensor) is { } node && tensors.Rank(tensor) == 4 && node.OpType switch
            {
                "Conv" => true,
                "Relu" or "Clip" or "Sigmoid" or "Tanh" or "LeakyRelu" or "HardSigmoid" or "BatchNormalization" or
                "Add" or "Sum" or "Mul" or "Concat" or "MaxPool" or "AveragePool" or "Identity" =>
                    IsBlocked(node.Inputs[0]),
                _ => false,
            };
            _blocked.Add(tensor, blocked);
        }
        return blocked;
    }

    /// <summary>
    /// For gradients that a convolution computed: the same convolution for only some of the channels. After a Concat,
    /// this is cheaper than slicing the whole gradient.
    /// </summary>
    public Dictionary<string, Func<long, long, Term>> Parts { get; } = [];

    /// <summary>The outputs of Relu whose gradients are already 0 where the output is 0.</summary>
    public HashSet<string> Gated { get; } = [];

    /// <summary>Whether the gradient with respect to this tensor was requested.</summary>
    public bool IsWanted(string tensor) => wanted.Contains(tensor);

    /// <summary>The shapes, types and values of the forward pass.</summary>
    public TensorTable Tensors => tensors;

    /// <summary>Returns a tensor of the forward pass.</summary>
    public Term Tensor(string name) => new(this, name);

    /// <summary>Appends a node and returns its output.</summary>
    public Term Emit(string opType, IReadOnlyList<Term> inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        new(this, model.AddNode(opType, $"gradient:{opType}", [.. inputs.Select(input => input.Name)], attributes));

    /// <summary>Appends a node with several outputs.</summary>
    public Term[] Emit(
        string opType, int outputs, IReadOnlyList<Term> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => model.FreeName($"gradient:{opType}"))];
        string[] read = [.. inputs.Select(input => input.Name)];
        model.Nodes.Add(
            new() { Name = names[0], OpType = opType, Inputs = read, Outputs = names, Attributes = attributes });
        return [.. names.Select(name => new Term(this, name))];
    }

    /// <summary>Returns a scalar constant.</summary>
    public Term Constant(float value)
    {
        if (!_reals.TryGetValue(value, out Term constant))
            _reals.Add(value, constant = new(this, model.AddConstant("gradient:scalar", [value])));
        return constant;
    }

    /// <summary>Returns a constant list of integers: a shape, axes or pads.</summary>
    public Term Integers(params IReadOnlyList<long> values)
    {
        string key = string.Join(',', values);
        if (!_integers.TryGetValue(key, out Term constant))
            _integers.Add(key, constant = new(this, model.AddConstant("gradient:integers", values)));
        return constant;
    }

    /// <summary>Returns a constant tensor of real numbers, row-major.</summary>
    public Term Reals(ReadOnlySpan<float> values, params IReadOnlyList<long> dims) =>
        new(this, model.AddConstant("gradient:constant", values, dims));

    /// <summary>Returns a constant tensor with all values equal.</summary>
    public Term Filled(float value, params IReadOnlyList<long> dims)
    {
        (float, string) key = (value, string.Join(',', dims));
        if (!_filled.TryGetValue(key, out Term constant))
        {
            var values = new float[dims.Aggregate(1L, (product, size) => product * size)];
            values.AsSpan().Fill(value);
            _filled.Add(key, constant = Reals(values, dims));
        }
        return constant;
    }

    /// <summary>Reshapes the values to the shape of a tensor of the forward pass.</summary>
    /// <param name="values">The values.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="keepsBatch">
    /// Whether the first dimension does not change. ONNX Runtime then knows that the shapes of both passes are equal,
    /// which it needs to multiply in its blocked layout.
    /// </param>
    public Term ReshapeLike(Term values, string tensor, bool keepsBatch = false)
    {
        long[] dims = tensors.Dims(tensor);
        if (keepsBatch)
            dims[0] = 0;
        return dims.Count(size => size < 0) <= 1
            ? values.Reshape(dims)
            : Emit("Reshape", [values, Tensor(tensor).Emit("Shape")]);
    }

    /// <summary>Returns zeros in the shape of a tensor of the forward pass.</summary>
    public Term ZerosLike(string tensor) => Tensor(tensor).Emit("Shape").Emit("ConstantOfShape");

    /// <summary>
    /// Multiplies along one axis with a matrix of old size × new size: y[…, j, …] = Σ_i x[…, i, …] · matrix[i, j].
    /// </summary>
    public Term Contract(Term values, int axis, int rank, Term matrix)
    {
        if (axis == rank - 1)
            return values.MatMul(matrix);
        long[] swap = [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        (swap[axis], swap[^1]) = (rank - 1, axis);
        return values.Transpose(swap).MatMul(matrix).Transpose(swap);
    }
}
