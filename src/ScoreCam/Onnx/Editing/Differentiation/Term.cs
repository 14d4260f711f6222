using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>
/// A tensor in a gradient formula. Its operators append nodes to the model, so that a rule reads like its formula: <c>g
/// * y * (1 - y)</c> appends a Sub and two Mul.
/// </summary>
internal readonly record struct Term(GradientGraph Graph, string Name)
{
    public static Term operator +(Term a, Term b) => a.Graph.Emit("Add", [a, b]);

    public static Term operator +(Term a, float b) => b == 0 ? a : a + a.Graph.Constant(b);

    public static Term operator -(Term a, Term b) => a.Graph.Emit("Sub", [a, b]);

    public static Term operator -(float a, Term b) => b.Graph.Constant(a) - b;

    public static Term operator -(Term a, float b) => a - a.Graph.Constant(b);

    public static Term operator -(Term a) => a.Emit("Neg");

    public static Term operator *(Term a, Term b) => a.Graph.Emit("Mul", [a, b]);

    public static Term operator *(Term a, float b) => b == 1 ? a : a * a.Graph.Constant(b);

    public static Term operator *(float a, Term b) => b * a;

    public static Term operator /(Term a, Term b) => a.Graph.Emit("Div", [a, b]);

    /// <summary>Returns a mask that is true where the value is larger.</summary>
    public static Term operator >(Term a, Term b) => a.Graph.Emit("Greater", [a, b]);

    /// <summary>Returns a mask that is true where the value is smaller.</summary>
    public static Term operator <(Term a, Term b) => a.Graph.Emit("Less", [a, b]);

    /// <inheritdoc cref="op_GreaterThan(Term, Term)"/>
    public static Term operator >(Term a, float b) => a > a.Graph.Constant(b);

    /// <inheritdoc cref="op_LessThan(Term, Term)"/>
    public static Term operator <(Term a, float b) => a < a.Graph.Constant(b);

    /// <summary>Returns a mask that is true where both masks are true.</summary>
    public static Term operator &(Term a, Term b) => a.Graph.Emit("And", [a, b]);

    /// <summary>Returns a mask that is true where the values are equal.</summary>
    public Term Equal(Term other) => Graph.Emit("Equal", [this, other]);

    /// <summary>Uses this term as a mask to select between two values.</summary>
    public Term Where(Term whenTrue, Term whenFalse) => Graph.Emit("Where", [this, whenTrue, whenFalse]);

    /// <inheritdoc cref="Where(Term, Term)"/>
    public Term Where(Term whenTrue, float whenFalse) => Where(whenTrue, Graph.Constant(whenFalse));

    /// <summary>Appends an operator with one input.</summary>
    public Term Emit(string opType, params IReadOnlyList<OnnxAttribute> attributes) =>
        Graph.Emit(opType, [this], attributes);

    public Term Exp() => Emit("Exp");

    public Term Log() => Emit("Log");

    public Term Sqrt() => Emit("Sqrt");

    public Term Sigmoid() => Emit("Sigmoid");

    /// <summary>Returns the sum over some axes, which keep a length of 1.</summary>
    public Term Sum(params IReadOnlyList<long> axes) =>
        axes.Count == 0 ? this : Graph.Emit("ReduceSum", [this, Graph.Integers(axes)]);

    /// <summary>Returns the values in another shape. One dimension can be −1.</summary>
    public Term Reshape(params IReadOnlyList<long> dims) => Graph.Emit("Reshape", [this, Graph.Integers(dims)]);

    /// <summary>
    /// Returns the values repeated along dimensions of length 1. A dimension of 1 keeps the existing length.
    /// </summary>
    public Term Expand(params IReadOnlyList<long> dims) => Graph.Emit("Expand", [this, Graph.Integers(dims)]);

    public Term Transpose(params IReadOnlyList<long> permutation) =>
        permutation.SequenceEqual(Enumerable.Range(0, permutation.Count).Select(i => (long)i))
            ? this
            : Emit("Transpose", OnnxAttribute.Of("perm", permutation));

    /// <summary>Pads the values with one value, zero by default, before and after each axis.</summary>
    public Term Pad(IReadOnlyList<long> before, IReadOnlyList<long> after, float value = 0) =>
        before.Concat(after).All(size => size == 0)
            ? this
            : Graph.Emit("Pad", [this, Graph.Integers([.. before, .. after]), Graph.Constant(value)]);

    /// <summary>
    /// Returns every step-th value from <paramref name="start"/> up to <paramref name="end"/> on one axis.
    /// </summary>
    public Term Slice(long axis, long start, long end, long step = 1)
    {
        Term[] range = [this, Graph.Integers([start]), Graph.Integers([end]), Graph.Integers([axis])];
        return Graph.Emit("Slice", step == 1 ? range : [.. range, Graph.Integers([step])]);
    }

    /// <summary>Returns the values in reverse order along some axes.</summary>
    public Term Flip(params IReadOnlyList<long> axes)
    {
        long[] last = [.. axes.Select(_ => -1L)], beforeFirst = [.. axes.Select(_ => long.MinValue)];
        Term[] inputs =
            [this, Graph.Integers(last), Graph.Integers(beforeFirst), Graph.Integers(axes), Graph.Integers(last)];
        return axes.Count == 0 ? this : Graph.Emit("Slice", inputs);
    }

    public Term MatMul(Term other) => Graph.Emit("MatMul", [this, other]);
}
