using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>Appends nodes and constants of the backward pass to a model. Equal constants are stored once.</summary>
internal sealed class GradientGraph(EditableModel model, TensorTable tensors)
{
    private readonly Dictionary<float, Term> _reals = [];
    private readonly Dictionary<string, Term> _integers = [];

    public EditableModel Model => model;

    /// <summary>Shapes, types and values of the forward pass.</summary>
    public TensorTable Tensors => tensors;

    /// <summary>A tensor of the forward pass.</summary>
    public Term Tensor(string name) => new(this, name);

    /// <summary>Appends a node. Returns its output.</summary>
    public Term Emit(string opType, IReadOnlyList<Term> inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        new(this, model.AddNode(opType, $"gradient:{opType}", [.. inputs.Select(input => input.Name)], attributes));

    /// <summary>A scalar.</summary>
    public Term Constant(float value)
    {
        if (!_reals.TryGetValue(value, out Term constant))
            _reals.Add(value, constant = new(this, model.AddConstant("gradient:scalar", [value])));
        return constant;
    }

    /// <summary>A list of integers: a shape, axes or pads.</summary>
    public Term Integers(params IReadOnlyList<long> values)
    {
        string key = string.Join(',', values);
        if (!_integers.TryGetValue(key, out Term constant))
            _integers.Add(key, constant = new(this, model.AddConstant("gradient:integers", values)));
        return constant;
    }

    /// <summary>A tensor of real numbers, row-major.</summary>
    public Term Reals(ReadOnlySpan<float> values, params IReadOnlyList<long> dims) =>
        new(this, model.AddConstant("gradient:constant", values, dims));

    /// <summary>The values in the shape of a tensor of the forward pass.</summary>
    public Term ReshapeLike(Term values, string tensor)
    {
        long[] dims = tensors.Dims(tensor);
        return dims.Count(size => size < 0) <= 1
            ? values.Reshape(dims)
            : Emit("Reshape", [values, Tensor(tensor).Emit("Shape")]);
    }

    /// <summary>Zeros in the shape of a tensor of the forward pass.</summary>
    public Term ZerosLike(string tensor) => Tensor(tensor).Emit("Shape").Emit("ConstantOfShape");

    /// <summary>
    /// Multiplies along one axis by a matrix of old size × new size: y[…, j, …] = Σ_i x[…, i, …] · matrix[i, j].
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
