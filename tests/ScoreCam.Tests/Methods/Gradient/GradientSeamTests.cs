using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Gradient;

/// <summary>The gradients of targets that methods receive, compared with finite differences.</summary>
public class GradientSeamTests
{
    private static readonly Target Square = Target.Function(
        "square",
        scores => scores[0] * scores[1],
        (scores, gradient) =>
        {
            gradient.Clear();
            (gradient[0], gradient[1]) = (scores[1], scores[0]);
        });

    [Theory]
    [InlineData("class")]
    [InlineData("contrast")]
    [InlineData("function")]
    public void The_gradient_with_respect_to_the_picture_equals_finite_differences(string kind)
    {
        TinyModel tiny = Smooth();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        Target target = kind switch
        {
            "class" => Target.Class(3),
            "contrast" => Target.Contrast(Target.Class(3), Target.Class(0)),
            _ => Square,
        };
        PreparedImage picture = Tiny.Picture();
        float[] gradient = Probe.Run(model, picture, [target], context => context.Gradients()[0]);

        Target resolved = target.Resolve(model.Predict(picture));
        float Score(float[] x) => resolved.Score(Tiny.Run(tiny.Model, x, "logits"));
        for (int i = 0; i < gradient.Length; i += 17)
        {
            float[] x = picture.Tensor.ToArray();
            const float Step = 1e-2f;
            x[i] += Step;
            float above = Score(x);
            x[i] -= 2 * Step;
            float slope = (above - Score(x)) / (2 * Step);
            gradient[i].Should().BeApproximately(slope, 2e-3f * (1 + Math.Abs(slope)), $"value {i}");
        }
    }

    [Fact]
    public void The_gradient_of_a_function_at_a_changed_picture_uses_the_scores_of_that_picture()
    {
        using ImageModel model = ImageModel.Load(Smooth().ToBytes());
        PreparedImage picture = Tiny.Picture();
        Target[] targets = [Square, Target.Class(2)];
        PreparedImage[] changed = [.. Enumerable.Range(0, 7).Select(i => Tiny.Picture(seed: 20 + i))];
        float[][] expected = [.. changed.SelectMany(other => targets.Select(target => GradientOf(other, target)))];
        float[] GradientOf(PreparedImage other, Target target) =>
            Probe.Run(model, other, [target], context => context.Gradients()[0]);

        var seen = new List<(int, int)>();
        Probe.Run(model, picture, targets, context =>
        {
            context.Gradients(changed.Length, (i, x) => changed[i].Tensor.CopyTo(x), (i, t, score, gradient) =>
            {
                seen.Add((i, t));
                gradient.LargestDifference(expected[(i * 2) + t]).Should().BeLessThan(1e-5f);
                float[] logits = model.Predict(changed[i]).Logits.ToArray();
                score.Should().BeApproximately(t == 0 ? logits[0] * logits[1] : logits[2], 1e-4f);
            });
            return [];
        });
        IEnumerable<(int, int)> inOrder = Enumerable.Range(0, 14).Select(row => (row / 2, row % 2));
        seen.Should().Equal(inOrder, "the order of summation must not depend on the workers");
    }

    [Fact]
    public void Targets_of_one_call_have_the_same_gradients_as_in_separate_calls()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        var explainer = new GradCamExplainer(model, new() { Layers = ["relu1"] });
        Target[] targets = [.. Enumerable.Range(0, 5).Select(Target.Class), Square];
        IReadOnlyList<Explanation> together = explainer.On(Tiny.Picture(), targets);
        for (int t = 0; t < targets.Length; t++)
            together[t].RawMap.DifferenceTo(explainer.On(Tiny.Picture(), targets[t]).RawMap).Should().BeLessThan(1e-6f);
        together[0].GradientPasses.Should().Be(6);
        together[0].ToString().Should().Contain("0 passes, 6 gradients");
    }

    [Fact]
    public void A_layer_with_a_bypass_is_differentiated_in_the_whole_network()
    {
        TinyModel tiny = Tiny.Features().Conv("conv3", 6).Add("sum", "conv3", "relu2").Relu("joined")
            .GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output();
        using ImageModel model = ImageModel.Load(tiny.ToBytes());
        PreparedImage picture = Tiny.Picture();
        float[] inner = GradientsOf("conv3"), joined = GradientsOf("joined");
        float[] sum = Tiny.Run(tiny.Model, picture.Tensor, "sum");
        // The sum passes the gradient on, and the Relu stops it where the sum is not positive.
        for (int i = 0; i < inner.Length; i++)
            inner[i].Should().BeApproximately(sum[i] > 0 ? joined[i] : 0, 1e-6f);
        inner.Should().Contain(value => value != 0);

        float[] GradientsOf(string layer)
        {
            float[] values = [];
            var reader = new Reader(model, layer, context => values = context.Gradients[0].Values.ToArray());
            reader.On(picture, Target.Class(1));
            return values;
        }
    }

    [Fact]
    public void A_target_without_a_gradient_is_refused_by_name()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        Target own = Target.Function("my own", scores => scores[0]);
        foreach (Explainer explainer in new Explainer[] { new GradCamExplainer(model), new GradientExplainer(model) })
            FluentActions.Invoking(() => explainer.On(Tiny.Picture(), own))
                .Should().Throw<ArgumentException>().WithMessage("*'my own' has no gradient*Target.Function*");
        Target broken = Target.Function("broken", scores => 1, (_, gradient) => gradient.Fill(float.NaN));
        FluentActions.Invoking(() => new GradCamExplainer(model).On(Tiny.Picture(), broken))
            .Should().Throw<ScoreCamException>().WithMessage("*'broken'*class 0*NaN*");
    }

    [Theory]
    [InlineData("Sigmoid", 1)]
    [InlineData("Softmax", 5)]
    public void Networks_that_end_in_probabilities_are_differentiated_by_their_logits(string ending, int classes)
    {
        TinyModel Head() => Tiny.Features().GlobalAveragePool("pool").Flatten("flat").Gemm("logits", classes);
        ScoreKind kind = classes == 1 ? ScoreKind.Sigmoid : ScoreKind.Softmax;
        using ImageModel model = ImageModel.Load(Head().Unary(ending, "p").Output().ToBytes());
        using ImageModel logits = ImageModel.Load(Head().Output().ToBytes(), new() { ScoreKind = kind });
        for (int c = 0; c < 2; c++)
        {
            Explanation one = new GradCamExplainer(model).On(Tiny.Picture(), Target.Class(c));
            Explanation other = new GradCamExplainer(logits).On(Tiny.Picture(), Target.Class(c));
            one.RawMap.DifferenceTo(other.RawMap).Should().BeLessThan(1e-6f);
        }
    }

    /// <summary>A network without kinks, so that finite differences are a good reference.</summary>
    private static TinyModel Smooth() => new TinyModel(seed: 5).Input("image", -1, 3, 8, 8)
        .Conv("conv1", 4).Unary("Tanh", "t1").Conv("conv2", 6).Unary("Sigmoid", "t2")
        .GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output();

    private sealed class Probe(ImageModel model, Func<InputContext, float[]> read) : InputExplainer(model, null)
    {
        private float[] _read = [];

        public override string Name => "probe";

        public static float[] Run(
            ImageModel model, PreparedImage picture, Target[] targets, Func<InputContext, float[]> read)
        {
            var probe = new Probe(model, read);
            probe.On(picture, targets);
            return probe._read;
        }

        protected override IReadOnlyList<RawMap> Compute(InputContext picture)
        {
            _read = read(picture);
            return picture.ForAllTargets(new SaliencyMap(2, 1, [0, 1]));
        }
    }

    private sealed class Reader(ImageModel model, string layer, Action<LayerContext> read)
        : LayerExplainer(model, new() { Layers = [layer] })
    {
        public override string Name => "reader";

        protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
        {
            read(layer);
            return layer.ForAllTargets(new SaliencyMap(2, 1, [0, 1]));
        }
    }
}
