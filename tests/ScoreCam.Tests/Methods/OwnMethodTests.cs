using FluentAssertions;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods;

/// <summary>Methods that use the public types only, as a user would write them.</summary>
public sealed class OwnMethodTests : IDisposable
{
    private readonly ImageModel _model = ImageModel.Load(Networks.Logits());

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_layer_method_of_activations_and_scores_equals_the_built_in_one()
    {
        Target[] targets = [Target.Class(1), Target.Class(4)];
        var own = new Own(_model, layer =>
        {
            int positions = layer.Layer.Height * layer.Layer.Width;
            int channels = layer.Activations.Channels;
            float[][] scores = layer.ScoreActivations(
                channels + 1,
                (i, a) => (i < channels ? a.Slice(i * positions, positions) : []).Clear(),
                ScoredValue.Logit);
            return layer.ForEachTarget(t => layer.WeightedSum(
                [.. scores[t].SkipLast(1).Select(s => (scores[t][^1] - s) / Math.Abs(scores[t][^1]))]));
        });
        IReadOnlyList<Explanation> mine = own.On(Networks.Picture(), targets);
        IReadOnlyList<Explanation> builtIn = new AblationCamExplainer(_model).On(Networks.Picture(), targets);
        for (int t = 0; t < 2; t++)
        {
            mine[t].Map.DifferenceTo(builtIn[t].Map).Should().BeLessThan(1e-5f);
            mine[t].Layers[0].ChannelWeights.Should().HaveCount(10);
            mine[t].Passes.Should().Be(11);
        }
    }

    [Fact]
    public void A_layer_method_of_gradients_equals_the_built_in_one()
    {
        var own = new Own(_model, layer => layer.ForEachTarget(t => layer.WeightedSum(layer.Gradients[t].Means())));
        Explanation mine = own.On(Networks.Picture()), builtIn = new GradCamExplainer(_model).On(Networks.Picture());
        mine.Map.DifferenceTo(builtIn.Map).Should().Be(0);
        mine.Method.Should().Be("own");
    }

    [Fact]
    public void A_method_that_does_not_give_one_map_for_each_target_is_named_in_the_error()
    {
        Target[] targets = [Target.Class(1), Target.Class(4)];
        FluentActions.Invoking(() => new Own(_model, _ => [new SaliencyMap(1, 1, [1])]).On(Networks.Picture(), targets))
            .Should().Throw<ScoreCamException>().WithMessage("*'own'*each of 2 targets*gave 1*");
        FluentActions.Invoking(() => new Own(_model, _ => null!).On(Networks.Picture(), targets))
            .Should().Throw<ScoreCamException>().WithMessage("*'own'*each of 2 targets*gave 0*");
        var oneIsNull = new Own(_model, _ => [null!, new SaliencyMap(1, 1, [1])]);
        FluentActions.Invoking(() => oneIsNull.On(Networks.Picture(), targets))
            .Should().Throw<ScoreCamException>().WithMessage("*'own'*each of 2 targets*gave 1*");
        FluentActions.Invoking(() => new Own(_model, layer => [layer.WeightedSum([1, 2])]).On(Networks.Picture()))
            .Should().Throw<ArgumentException>().WithMessage("2 weights were given for 10 channels*");
    }

    [Fact]
    public void A_raw_map_of_any_size_covers_the_whole_input()
    {
        var own = new Own(_model, layer => layer.ForAllTargets(new SaliencyMap(2, 1, [0, 3])));
        Explanation why = own.On(Networks.Picture());
        why.Map[0, 0].Should().Be(0);
        why.Map[Networks.Height - 1, Networks.Width - 1].Should().Be(1);
        why.RawMap.Values.ToArray().Should().Equal(0, 3);
    }

    private sealed class Own(ImageModel model, Func<LayerContext, IReadOnlyList<RawMap>> formula)
        : LayerExplainer(model, null)
    {
        public override string Name => "own";

        protected override IReadOnlyList<RawMap> Compute(LayerContext layer) => formula(layer);
    }
}
