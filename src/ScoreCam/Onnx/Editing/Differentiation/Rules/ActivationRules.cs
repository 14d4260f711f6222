namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>
/// Activation functions. If possible, the gradient is computed from the output y. A mask computed from the input would
/// prevent ONNX Runtime from fusing the activation with the convolution before it.
/// </summary>
internal static class ActivationRules
{
    private const float SeluAlpha = 1.67326319217681884765625f, SeluGamma = 1.05070102214813232421875f;

    public static IEnumerable<(string OpType, GradientRule Rule)> All =>
    [
        ("Relu", Relu),
        ("Clip", Clip),
        // g where y > 0, else α · g
        ("LeakyRelu", n => n.Give(0, (n.Y > 0).Where(n.G, n.G * n.Node.Float("alpha", 0.01f)))),
        ("PRelu", PRelu),
        ("Elu", n => n.Give(0, n.G * Exponential(n, n.Node.Float("alpha", 1), 1))),
        ("Selu", Selu),
        ("Celu", Celu),
        ("ThresholdedRelu", n => n.Give(0, (n.X() > n.Node.Float("alpha", 1)).Where(n.G, 0))),
        ("Sigmoid", Sigmoid),
        // g · (1 − y²)
        ("Tanh", n => n.Give(0, n.G * (1f - (n.Y * n.Y)))),
        // α · g where 0 < y < 1
        ("HardSigmoid", n => n.Give(0, Between(n, n.G * n.Node.Float("alpha", 0.2f), 0, 1))),
        ("HardSwish", HardSwish),
        ("Swish", Swish),
        ("Mish", Mish),
        ("Softplus", n => n.Give(0, n.G * n.X().Sigmoid())),
        // g / (1 + |x|)²
        ("Softsign", n => n.Give(0, n.G / Square(n.X().Emit("Abs") + 1f))),
        ("Gelu", Gelu),
        ("Softmax", Softmax),
        ("LogSoftmax", LogSoftmax),
    ];

    /// <summary>g where y &gt; 0; 0 at 0.</summary>
    private static void Relu(BackwardNode n) =>
        n.Give(0, n.IsGated ? n.G : Between(n, n.GuidedG, 0, null));

    /// <summary>g · y · (1 − y).</summary>
    private static void Sigmoid(BackwardNode n) => n.Give(0, n.G * n.Y * OneMinusSigmoid(n, n.X(), n.Y));

    /// <summary>1 − s for s = sigmoid(x), which is sigmoid(−x).</summary>
    public static Term OneMinusSigmoid(BackwardNode n, Term x, Term s) =>
        n.Graph.IsBlocked(x.Name) ? Blocked.Line(x, n.OutputShape[1], -1, 0).Sigmoid() : 1f - s;

    /// <summary>g where lo &lt; y &lt; hi, and 0 at both bounds, as in PyTorch's ReLU6.</summary>
    private static void Clip(BackwardNode n)
    {
        float? lo = Bound(n, 1, float.MinValue), hi = Bound(n, 2, float.MaxValue);
        Term g = lo == 0 ? n.GuidedG : n.G;
        if (lo is { } l && hi is { } h)
        {
            n.Give(0, Between(n, g, l == float.MinValue ? null : l, h == float.MaxValue ? null : h));
            return;
        }
        Term? above = lo == float.MinValue ? null : n.Y > (lo is { } low ? n.Graph.Constant(low) : n.X(1));
        Term? below = hi == float.MaxValue ? null : n.Y < (hi is { } high ? n.Graph.Constant(high) : n.X(2));
        Term? inside = above is { } a && below is { } b ? a & b : above ?? below;
        n.Give(0, inside is { } mask ? mask.Where(g, 0) : g);
    }

    /// <summary>g where y &gt; lo and y &lt; hi, else 0. A missing bound is null.</summary>
    private static Term Between(BackwardNode n, Term g, float? lo, float? hi)
    {
        if (lo is null or 0 && n.Graph.IsBlocked(n.Node.Outputs[0]))
        {
            // y is never outside the bounds.
            long channels = n.OutputShape[1];
            Term passed = lo is null ? g : g * Blocked.Positive(n.Y, channels);
            return hi is { } top ? passed * Blocked.Below(n.Y, channels, top) : passed;
        }
        Term? above = lo is { } low ? n.Y > low : null;
        Term? below = hi is { } high ? n.Y < high : null;
        Term? inside = above is { } a && below is { } b ? a & b : above ?? below;
        return inside is { } mask ? mask.Where(g, 0) : g;
    }

    /// <summary>Returns a bound of Clip: the extreme value if it is omitted, and null if it is computed.</summary>
    private static float? Bound(BackwardNode n, int input, float absent) =>
        n.Node.Input(input) is not { } name ? absent
        : n.Graph.Tensors.Reals(name) is not [var value] ? null
        : MathF.Abs(value) >= float.MaxValue ? absent : value;

    private static void PRelu(BackwardNode n)
    {
        n.GiveBroadcast(0, () => (n.X() > 0).Where(n.G, n.G * n.X(1)));
        n.GiveBroadcast(1, () => (n.X() > 0).Where(n.Graph.Constant(0f), n.G * n.X()));
    }

    /// <summary>The slope of γ · (x where x &gt; 0, else α · (eˣ − 1)): γ, else y + γ · α.</summary>
    private static Term Exponential(BackwardNode n, float alpha, float gamma) =>
        (n.Y > 0).Where(n.Graph.Constant(gamma), n.Y + (gamma * alpha));

    private static void Selu(BackwardNode n)
    {
        float alpha = n.Node.Float("alpha", SeluAlpha), gamma = n.Node.Float("gamma", SeluGamma);
        n.Give(0, n.G * Exponential(n, alpha, gamma));
    }

    /// <summary>The slope of α · (exp(x/α) − 1) is exp(x/α) = y/α + 1.</summary>
    private static void Celu(BackwardNode n)
    {
        float alpha = n.Node.Float("alpha", 1);
        n.Give(0, n.G * (n.Y > 0).Where(n.Graph.Constant(1f), (n.Y * (1 / alpha)) + 1f));
    }

    /// <summary>
    /// y = x · clip(x/6 + ½, 0, 1): x/3 + ½ where |x| &lt; 3, else 1 for positive and 0 for negative x.
    /// </summary>
    private static void HardSwish(BackwardNode n)
    {
        Term x = n.X();
        if (n.Graph.IsBlocked(n.Node.Inputs[0]))
        {
            n.Give(0, n.G * BlockedSlope(x, n.OutputShape[1]));
            return;
        }
        Term inner = (x * (1f / 3)) + 0.5f;
        Term outer = (x > 0).Where(n.Graph.Constant(1f), 0);
        n.Give(0, n.G * (x.Emit("Abs") < 3).Where(inner, outer));

        // The line, clipped to its range, plus steps of ½ at −3 and 3. With a factor of 2²¹ the steps are exact,
        // because the neighbours of 3 differ from it by 2⁻²².
        static Term BlockedSlope(Term x, long channels)
        {
            const float Steep = 1 << 21;
            Term line = Blocked.Clip(Blocked.Line(x, channels, 1f / 3, 0.5f), -0.5f, 1.5f);
            Term below = Blocked.Clip(Blocked.Line(x, channels, -Steep, (-3 * Steep) + 0.5f), 0, 0.5f);
            Term above = Blocked.Clip(Blocked.Line(x, channels, -Steep, (3 * Steep) - 0.5f), -0.5f, 0);
            return line + below + above;
        }
    }

    /// <summary>y = x · s, s = sigmoid(α x): g · (s + α · y · (1 − s)).</summary>
    private static void Swish(BackwardNode n)
    {
        float alpha = n.Node.Float("alpha", 1);
        Term s = (n.X() * alpha).Sigmoid();
        n.Give(0, n.G * (s + (n.Y * (1f - s) * alpha)));
    }

    /// <summary>y = x · t, t = tanh(softplus(x)): g · (t + x · (1 − t²) · sigmoid(x)).</summary>
    private static void Mish(BackwardNode n)
    {
        Term t = n.X().Emit("Softplus").Emit("Tanh");
        n.Give(0, n.G * (t + (n.X() * (1f - (t * t)) * n.X().Sigmoid())));
    }

    private static void Gelu(BackwardNode n)
    {
        Term x = n.X();
        if (n.Node.Text("approximate", "none") != "tanh")
        {
            // g · (Φ(x) + x · φ(x)), Φ = ½ (1 + erf(x/√2)), φ = exp(−x²/2) / √(2π)
            Term cumulative = ((x * (float)Math.Sqrt(0.5)).Emit("Erf") * 0.5f) + 0.5f;
            Term density = (x * x * -0.5f).Exp() * (float)(1 / Math.Sqrt(2 * Math.PI));
            n.Give(0, n.G * (cumulative + (x * density)));
            return;
        }
        // y = ½ x (1 + t), t = tanh(u), u = c (x + 0.044715 x³): g · (½ (1 + t) + ½ x (1 − t²) · c (1 + 0.134145 x²))
        float c = (float)Math.Sqrt(2 / Math.PI);
        Term t = ((x + (x * x * x * 0.044715f)) * c).Emit("Tanh");
        Term slope = ((x * x * 0.134145f) + 1f) * c;
        n.Give(0, n.G * 0.5f * (t + 1f + (x * (1f - (t * t)) * slope)));
    }

    /// <summary>y · (g − Σ g · y) along the axis.</summary>
    private static void Softmax(BackwardNode n) => n.Give(0, n.Y * (n.G - (n.G * n.Y).Sum(n.Axis("axis", -1))));

    /// <summary>g − exp(y) · Σ g along the axis.</summary>
    private static void LogSoftmax(BackwardNode n) => n.Give(0, n.G - (n.Y.Exp() * n.G.Sum(n.Axis("axis", -1))));

    private static Term Square(Term x) => x * x;
}
