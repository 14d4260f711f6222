using System.Text.Json;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>
/// One-operator networks, compared with vector–Jacobian products that torch's autograd computed in float64 with a
/// separate interpreter of ONNX graphs.
/// </summary>
public class OperatorGoldenTests
{
    private const double Tolerance = 1e-5;

    private static readonly string Folder = Path.Combine(SharedData.Repository, "tests", "golden", "gradients", "ops");

    public static TheoryData<string> Cases { get; } = [.. Names()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_of_an_operator_agrees_with_torch(string name)
    {
        string folder = Path.Combine(Folder, name);
        (Npy x, Npy v) = (Npy.Read(Path.Combine(folder, "x.npy")), Npy.Read(Path.Combine(folder, "v.npy")));
        byte[] model = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        Check(isGuided: false, "dx.npy");
        if (File.Exists(Path.Combine(folder, "dx.guided.npy")))
            Check(isGuided: true, "dx.guided.npy");

        void Check(bool isGuided, string file)
        {
            using var gradient = new GradientHarness(model, _ => Dims(x), isGuided: isGuided, batch: x.Shape[0]);
            (float[] y, float[][] dx) = gradient.Run(x.Values, Dims(x), v.Values, Dims(v));
            ShouldBe(y, Npy.Read(Path.Combine(folder, "y.npy")).Values);
            ShouldBe(dx[0], Npy.Read(Path.Combine(folder, file)).Values);
        }
    }

    [Fact]
    public void All_123_cases_have_a_folder() =>
        Names().Should().BeEquivalentTo(Directory.GetDirectories(Folder).Select(Path.GetFileName)).And.HaveCount(123);

    private static long[] Dims(Npy array) => [.. array.Shape.Select(size => (long)size)];

    private static void ShouldBe(float[] actual, float[] expected)
    {
        actual.Should().HaveCount(expected.Length);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Math.Abs(actual[i] - expected[i]).Should().BeLessThanOrEqualTo(
                (float)(Tolerance * largest), $"value {i} is {actual[i]}, and {expected[i]} was expected");
    }

    private static IEnumerable<string> Names()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "cases.json")));
        IEnumerable<string> names =
            cases.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!);
        // ONNX Runtime has no LRN of even size, so this case has no files.
        return [.. names.Where(name => name != "lrn_even")];
    }
}
