using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation;

/// <summary>Appends the gradients of a node's inputs, given the gradients of its outputs.</summary>
internal delegate void GradientRule(BackwardNode node);

/// <summary>
/// A node of the forward pass while its rule runs. In formulas, x is an input, y is the output, and g is the gradient
/// of y.
/// </summary>
internal sealed class BackwardNode(
    OnnxNode node, GradientGraph graph, IReadOnlyList<Term?> gradients, IReadOnlyList<bool> needs, bool isGuided)
{
    public OnnxNode Node => node;

    public GradientGraph Graph => graph;

    /// <summary>The gradient of the first output.</summary>
    public Term G => gradients[0] ?? throw Unsupported("only its other outputs reach the scores");

    /// <summary>The first output.</summary>
    public Term Y => graph.Tensor(node.Outputs[0]);

    /// <summary>The gradient at a Relu. Guided backpropagation also stops its negative values.</summary>
    public Term GuidedG
    {
        get
        {
            IsGuidedHere = isGuided;
            return isGuided ? G.Emit("Relu") : G;
        }
    }

    /// <summary>Whether guided backpropagation changed the gradient at this node.</summary>
    public bool IsGuidedHere { get; private set; }

    /// <summary>The gradients that the rule gave, each with its tensor.</summary>
    public List<(string Tensor, Term Gradient)> Given { get; } = [];

    /// <summary>Returns the gradient of an output; null if the output does not reach the scores.</summary>
    public Term? GradientOf(int output) => gradients[output];

    /// <summary>Returns an input.</summary>
    public Term X(int input = 0) => graph.Tensor(node.Inputs[input]);

    /// <summary>Whether the gradient of an input is needed.</summary>
    public bool Needs(int input) => input < needs.Count && needs[input];

    /// <summary>Returns the shape of an input, with −1 for a free dimension.</summary>
    public long[] ShapeOf(int input = 0) => graph.Tensors.Dims(node.Inputs[input]);

    /// <summary>The shape of the first output.</summary>
    public long[] OutputShape => graph.Tensors.Dims(node.Outputs[0]);

    public int Rank(int input = 0) => graph.Tensors.Rank(node.Inputs[input]);

    /// <summary>Returns the constant integers behind an input; null if the input is omitted.</summary>
    /// <exception cref="UnsupportedModelException">The input is computed from the picture.</exception>
    public IReadOnlyList<long>? Integers(int input) =>
        node.Input(input) is not { } name ? null
        : graph.Tensors.Integers(name) ?? throw Unsupported($"its input '{name}' is not constant");

    /// <summary>Returns an axis, counted from the front.</summary>
    public int Axis(string attribute, long otherwise, int? rank = null)
    {
        long axis = node.Int(attribute, otherwise);
        return (int)(axis < 0 ? axis + (rank ?? Rank()) : axis);
    }

    /// <summary>
    /// For a pool after a Relu: whether the pool can stop the gradient where its maximum is 0. The Relu, which has more
    /// values, then does not have to.
    /// </summary>
    public bool TryGateHere(string relu) =>
        !isGuided && Producer(relu)?.OpType == "Relu" && IsInner(relu) && graph.Gated.Add(relu);

    /// <summary>Whether the gradient of the output is already 0 where the output is 0.</summary>
    public bool IsGated => graph.Gated.Contains(node.Outputs[0]);

    /// <summary>Gives the gradient of an input. Called once per input.</summary>
    public void Give(int input, Term gradient)
    {
        if (Needs(input))
            Given.Add((node.Inputs[input], gradient));
    }

    /// <summary>
    /// Gives the gradient of a tensor that this node reads through other nodes. These nodes then need no gradient.
    /// </summary>
    public void GiveTo(string tensor, Term gradient) => Given.Add((tensor, gradient));

    /// <summary>Returns the node of the forward pass that produces a tensor; null for inputs and constants.</summary>
    public OnnxNode? Producer(string tensor) => graph.Tensors.Graph.Producer(tensor);

    /// <summary>Whether only one node reads a tensor and its gradient is not requested.</summary>
    public bool IsInner(string tensor) =>
        graph.Tensors.Graph.Consumers(tensor).Count == 1 && !graph.IsWanted(tensor);

    /// <summary>
    /// Gives the gradient of an input that was broadcast to the shape of the output. It is summed over the repeated
    /// positions.
    /// </summary>
    public void GiveBroadcast(int input, Func<Term> gradient)
    {
        if (Needs(input))
            Give(input, Unbroadcast(gradient(), OutputShape, ShapeOf(input)));
    }

    /// <summary>
    /// Sums over the dimensions along which values of one shape were repeated to get the other shape.
    /// </summary>
    public Term Unbroadcast(Term gradient, IReadOnlyList<long> from, IReadOnlyList<long> to)
    {
        int added = from.Count - to.Count;
        long[] repeated = [.. Enumerable.Range(0, from.Count)
            .Where(i => i < added || (to[i - added] == 1 && from[i] != 1)).Select(i => (long)i)];
        // Over all positions of a map, this is a pool, which supports the blocked layout.
        Term sum = repeated is [2, 3] && from is [_, _, > 0, > 0]
            ? gradient.Emit("GlobalAveragePool") * (from[2] * from[3])
            : gradient.Sum(repeated);
        return added > 0 ? sum.Reshape(to) : sum;
    }

    /// <summary>Returns the error for a node that has a rule, but not for this case.</summary>
    public UnsupportedModelException Unsupported(string why) => Unsupported(node, why);

    /// <inheritdoc cref="Unsupported(string)"/>
    public static UnsupportedModelException Unsupported(OnnxNode node, string why) =>
        Differentiator.Refusal($"{Differentiator.Describe(node)}: {why}");
}
