using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Arithmetic and functions that compute each value from the values at the same position.</summary>
internal static class ElementwiseRules
{
    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
    [
        ("Identity", n => n.Give(0, n.G)),
        ("Dropout", Dropout),
        ("Cast", Cast),
        ("Add", Add),
        ("Sub", Sub),
        ("Mul", Mul),
        ("Div", Div),
        ("Sum", Add),
        ("Mean", Mean),
        ("Max", Extremum),
        ("Min", Extremum),
        ("Where", Where),
        ("Pow", Pow),
        ("Neg", n => n.Give(0, -n.G)),
        ("Exp", n => n.Give(0, n.G * n.Y)),
        ("Log", n => n.Give(0, n.G / n.X())),
        // ½ · g / y
        ("Sqrt", n => n.Give(0, n.G * 0.5f / n.Y)),
        // −g · y²
        ("Reciprocal", n => n.Give(0, -(n.G * n.Y * n.Y))),
        // 0 at 0
        ("Abs", n => n.Give(0, n.G * n.X().Emit("Sign"))),
        ("Sin", n => n.Give(0, n.G * n.X().Emit("Cos"))),
        ("Cos", n => n.Give(0, -(n.G * n.X().Emit("Sin")))),
        // g · 2/√π · exp(−x²)
        ("Erf", n => n.Give(0, n.G * (-(n.X() * n.X())).Exp() * (float)(2 / Math.Sqrt(Math.PI)))),
        // Step functions: the gradient is 0 wherever it exists.
        ("Floor", Nothing),
        ("Ceil", Nothing),
        ("Round", Nothing),
        ("Sign", Nothing),
    ];

    private static void Nothing(BackwardNode n)
    {
    }

    private static void Dropout(BackwardNode n)
    {
        // In training mode, values are dropped at random unless the ratio is 0.
        bool isTraining = n.Node.Input(2) is { } mode && n.Graph.Tensors.Integers(mode) is not [0];
        if (isTraining && n.Graph.Tensors.Reals(n.Node.Input(1)) is not [0])
            throw n.Unsupported("it is in training mode, so the scores are random");
        n.Give(0, n.G);
    }

    private static void Cast(BackwardNode n)
    {
        ElementType before = n.Graph.Tensors.Type(n.Node.Inputs[0]), after = n.Graph.Tensors.Type(n.Node.Outputs[0]);
        n.Give(0, before == after ? n.G : n.G.Emit("Cast", OnnxAttribute.Of("to", (long)before)));
    }

    private static void Add(BackwardNode n)
    {
        for (int i = 0; i < n.Node.Inputs.Count; i++)
            n.GiveBroadcast(i, () => n.G);
    }

    private static void Sub(BackwardNode n)
    {
        n.GiveBroadcast(0, () => n.G);
        n.GiveBroadcast(1, () => -n.G);
    }

    private static void Mul(BackwardNode n)
    {
        if (Patterns.TryProduct(n))
            return;
        n.GiveBroadcast(0, () => n.G * n.X(1));
        n.GiveBroadcast(1, () => n.G * n.X(0));
    }

    /// <summary>y = a / b: g / b, and −g · y / b.</summary>
    private static void Div(BackwardNode n)
    {
        if (Patterns.TryLayerNormalization(n))
            return;
        n.GiveBroadcast(0, () => n.G / n.X(1));
        n.GiveBroadcast(1, () => -(n.G * n.Y / n.X(1)));
    }

    private static void Mean(BackwardNode n)
    {
        for (int i = 0; i < n.Node.Inputs.Count; i++)
            n.GiveBroadcast(i, () => n.G * (1f / n.Node.Inputs.Count));
    }

    /// <summary>Max and Min: g where this input is the extremum. If inputs are tied, all of them get it.</summary>
    private static void Extremum(BackwardNode n)
    {
        for (int i = 0; i < n.Node.Inputs.Count; i++)
        {
            int input = i;
            n.GiveBroadcast(i, () => n.X(input).Equal(n.Y).Where(n.G, 0));
        }
    }

    private static void Where(BackwardNode n)
    {
        n.GiveBroadcast(1, () => n.X(0).Where(n.G, 0));
        n.GiveBroadcast(2, () => n.X(0).Where(n.Graph.Constant(0f), n.G));
    }

    /// <summary>y = xᵖ: g · p · xᵖ⁻¹, and g · y · log x.</summary>
    private static void Pow(BackwardNode n)
    {
        n.GiveBroadcast(0, () =>
        {
            if (n.Graph.Tensors.Reals(n.Node.Inputs[1]) is [2f])
                return n.G * n.X() * 2;
            ElementType type = n.Graph.Tensors.Type(n.Node.Inputs[1]);
            Term p = type == ElementType.Float ? n.X(1)
                : n.X(1).Emit("Cast", OnnxAttribute.Of("to", (long)ElementType.Float));
            return n.G * p * n.Graph.Emit("Pow", [n.X(), p - 1f]);
        });
        n.GiveBroadcast(1, () => n.G * n.Y * n.X().Log());
    }
}
