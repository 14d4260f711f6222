using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>
/// Gradients of operators with their attributes, compared with central finite differences of the network itself, value
/// by value.
/// </summary>
public class FiniteDifferenceTests
{
    private const double Tolerance = 5e-3;

    private static readonly float[] Steps = [1e-2f, 2e-3f, 3e-4f];

    public static TheoryData<string> Cases => [.. GradientCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_agrees_with_finite_differences(string name)
    {
        GradientCase network = GradientCases.All.Single(c => c.Name == name);
        byte[] model = network.Model();
        (float[] x, long[] dims) = (network.Input(), network.Dims);
        using InferenceSession plain = GradientHarness.Factory.Open(model);
        (float[] y, long[] shape) = Run(plain, x, dims);
        var random = new Random(11);
        float[] seed = [.. y.Select(_ => (float)(random.NextDouble() + 0.5) * (random.Next(2) == 0 ? -1 : 1))];

        using var gradient = new GradientHarness(model, batch => [batch, .. dims[1..]], batch: (int)dims[0]);
        (float[] logits, float[][] results) = gradient.Run(x, dims, seed, shape);
        logits.Should().Equal(y, "the added nodes do not change the forward pass");
        // The error that float32 rounding causes in a difference over the largest step.
        double sum = y.Zip(seed, (value, weight) => Math.Abs((double)value * weight)).Sum();
        double rounding = 1e-7 * sum / (2 * Steps[0]);
        double allowed = (Tolerance * results[0].Max(Math.Abs)) + rounding;
        for (int i = 0; i < x.Length; i++)
        {
            // A large step has an error of curvature, or crosses a kink; a small one has an error of rounding.
            double error = Steps.Min(step => Math.Abs(Difference(i, step) - results[0][i]));
            error.Should().BeLessThanOrEqualTo(
                allowed, $"value {i} is {results[0][i]}, and the finite difference is {Difference(i, Steps[1])}");
        }

        double Difference(int i, float step)
        {
            float before = x[i];
            (float up, float down) = (before + step, before - step);
            x[i] = up;
            double above = Score();
            x[i] = down;
            double below = Score();
            x[i] = before;
            return (above - below) / ((double)up - down);
        }

        double Score() => Run(plain, x, dims).Values.Zip(seed, (value, weight) => (double)value * weight).Sum();
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        IEnumerable<string> tried = GradientCases.All
            .SelectMany(network => ModelProto.Parser.ParseFrom(network.Model()).Graph.Node).Select(node => node.OpType);
        // Swish has no kernel in this version of ONNX Runtime.
        GradientRules.Operators.Except(tried).Should().BeEquivalentTo("Swish");
        GradientCases.All.Select(network => network.Name).Should().OnlyHaveUniqueItems();
    }

    private static (float[] Values, long[] Shape) Run(InferenceSession session, float[] x, long[] dims)
    {
        using var options = new RunOptions();
        using OrtValue input = GradientHarness.Tensor(x, dims);
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(options, session.InputNames, [input], session.OutputNames.Take(1).ToArray());
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[0].GetTensorTypeAndShape().Shape);
    }
}
