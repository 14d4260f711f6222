using FluentAssertions;
using ScoreCam.Methods;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyVit;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// The gradient at the default layer of vision transformers, compared with finite differences. ONNX Runtime alone
/// computes the differences from changed tokens.
/// </summary>
public class TokenGradientTests
{
    private const int Class = 2, Places = Rows * Columns;

    public static TheoryData<string> Names => new(TinyVits.Variants.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_finite_differences_and_reaches_every_position(string name)
    {
        TinyVit vit = TinyVits.Variants[name];
        float[] expected = Differences(vit);
        using ImageModel model = vit.Load();
        var probe = new Probe(model);
        probe.On(TinyVits.Picture(), Target.Class(Class));
        float largest = expected.Max(Math.Abs);
        for (int k = 0; k < Width; k++)
            for (int i = 0; i < Places; i++)
                probe.Gradient[k][i].Should().BeApproximately(expected[(i * Width) + k], 2e-3f * largest);
        for (int i = 0; i < Places; i++)
            expected.Skip(i * Width).Take(Width).Max(Math.Abs).Should().BeGreaterThan(1e-3f * largest);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void HiResCAM_is_the_sum_of_activations_times_finite_differences(string name)
    {
        TinyVit vit = TinyVits.Variants[name];
        using var layer = new ReplacedLayer(vit, vit.Expected);
        float[] tokens = layer.Tokens[(vit.Prefix * Width)..], differences = Differences(vit);
        float[] expected = [.. Enumerable.Range(0, Places).Select(
            i => Enumerable.Range(i * Width, Width).Sum(j => tokens[j] * differences[j]))];
        using ImageModel model = vit.Load();
        SaliencyMap raw = new HiResCamExplainer(model).On(TinyVits.Picture(), Target.Class(Class)).RawMap;
        raw.Values.LargestDifference(expected).Should().BeLessThan(5e-3f * expected.Max(Math.Abs));
    }

    /// <summary>Central differences of the logit with respect to the patch tokens, positions × channels.</summary>
    private static float[] Differences(TinyVit vit)
    {
        const float Step = 1e-2f;
        using var layer = new ReplacedLayer(vit, vit.Expected);
        var differences = new float[Places * Width];
        for (int j = 0; j < differences.Length; j++)
        {
            float[] above = [.. layer.Tokens], below = [.. layer.Tokens];
            above[(vit.Prefix * Width) + j] += Step;
            below[(vit.Prefix * Width) + j] -= Step;
            differences[j] = (layer.Logits(above)[Class] - layer.Logits(below)[Class]) / (2 * Step);
        }
        return differences;
    }

    /// <summary>Keeps the gradient with respect to the activations.</summary>
    private sealed class Probe(ImageModel model) : LayerExplainer(model, null)
    {
        public override string Name => "Probe";

        public ActivationMaps Gradient { get; private set; } = null!;

        protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
        {
            Gradient = layer.Gradients[0];
            return layer.ForAllTargets(new SaliencyMap(1, 1, [0]));
        }
    }
}
