using FluentAssertions;
using Xunit;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>
/// Biases of nodes and their definition: x · g over the input and b · g over all biases add up to the score.
/// </summary>
public class BiasTests
{
    /// <summary>Nonlinear functions of several values: their bias belongs to no single value.</summary>
    private static readonly string[] WithoutRule =
    [
        "ReduceProd,", "ReduceLogSum,", "ReduceLogSumExp,", "PRelu, x is", "Gemm, x is",
        "The operator Attention, x is the key", "The operator Attention, a scale, x is the query",
    ];

    public static TheoryData<string> Cases => [.. Names.Where(name => !IsRefused(name))];

    public static TheoryData<string> RefusedCases => [.. Names.Where(IsRefused)];

    private static IEnumerable<string> Names => GradientCases.All.Select(network => network.Name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Input_and_biases_add_up_to_the_score(string name)
    {
        GradientCase network = GradientCases.All.Single(c => c.Name == name);
        (float[] x, long[] dims) = (network.Input(), network.Dims);
        using GradientHarness gradient = Open(network);
        long[] shape = [.. gradient.Model.LogitsShape];
        var random = new Random(11);
        float[] seed = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < seed.Length; i++)
            seed[i] = (float)(random.NextDouble() + 0.5) * (random.Next(2) == 0 ? -1 : 1);

        (float[] y, float[][] results) = gradient.Run(x, dims, seed, shape);
        IEnumerable<double> terms = x.Zip(results[0], Product)
            .Concat(results[1..].SelectMany(bias => bias.Select(value => (double)value)));
        double[] all = [.. terms];
        double score = y.Zip(seed, Product).Sum();
        all.Sum().Should().BeApproximately(score, 1e-5 * all.Sum(Math.Abs) + 1e-6);
    }

    [Theory]
    [MemberData(nameof(RefusedCases))]
    public void A_bias_without_a_rule_is_refused(string name) =>
        FluentActions.Invoking(() => Open(GradientCases.All.Single(c => c.Name == name)).Dispose())
            .Should().Throw<UnsupportedModelException>()
            .WithMessage("FullGrad*no rule for the bias of*Integrated Gradients*");

    private static bool IsRefused(string name) => WithoutRule.Any(op => name.StartsWith(op, StringComparison.Ordinal));

    private static double Product(float a, float b) => (double)a * b;

    private static GradientHarness Open(GradientCase network) => new(
        network.Model(), batch => [batch, .. network.Dims[1..]], batch: (int)network.Dims[0], withBiases: true);
}
