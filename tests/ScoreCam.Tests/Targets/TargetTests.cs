using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Targets;

/// <summary>Targets, tested by whole explanations of a tiny network.</summary>
public sealed class TargetTests : IDisposable
{
    private readonly ImageModel _model =
        ImageModel.Load(Networks.Logits(), new() { Labels = new(["ant", "bee, honey bee", "cat", "dog", "cat"]) });
    private readonly int[] _ranked;

    public TargetTests() => _ranked = [.. Enumerable.Range(0, 5).OrderByDescending(Logit)];

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_name_and_its_index_are_the_same_target()
    {
        Explanation byIndex = Explain(Target.Class(1)), byName = Explain(Target.Class("Honey Bee"));
        byName.Map.DifferenceTo(byIndex.Map).Should().Be(0);
        byName.ClassIndex.Should().Be(1);
        byName.TargetName.Should().Be(byIndex.TargetName).And.Be("bee, honey bee");
        byName.Logit.Should().Be(Logit(1));
        double total = Enumerable.Range(0, 5).Sum(c => Math.Exp(Logit(c)));
        byName.Probability.Should().BeApproximately((float)(Math.Exp(Logit(1)) / total), 1e-6f);
    }

    [Fact]
    public void The_predicted_class_and_the_best_ones_are_found_in_order()
    {
        Explain(Target.Predicted).ClassIndex.Should().Be(_ranked[0]);
        IReadOnlyList<Explanation> top =
            new ScoreCamExplainer(_model)
            .Explain(Networks.Picture(), Target.Top(5), cancellationToken: TestContext.Current.CancellationToken);
        top.Select(why => why.ClassIndex!.Value).Should().Equal(_ranked);
        top[3].Map.DifferenceTo(Explain(Target.Class(_ranked[3])).Map).Should().Be(0);
    }

    [Fact]
    public void A_contrast_is_the_difference_of_two_scores()
    {
        Explanation why = Explain(Target.Contrast(Target.Class("ant"), Target.Class(3)));
        IReadOnlyList<float> ant = Explain(Target.Class(0)).Layers[0].ChannelScores,
            dog = Explain(Target.Class(3)).Layers[0].ChannelScores;
        why.Layers[0].ChannelScores.Should().Equal(ant.Zip(dog, (a, d) => a - d));
        why.TargetName.Should().Be("ant rather than dog");
        (why.ClassIndex, why.Logit, why.Probability).Should().Be((null, null, null), "it is not one class");
    }

    [Fact]
    public void A_function_gets_the_scores_of_all_classes()
    {
        Explanation why = Explain(
            Target.Function("two of them", scores => scores.Length == 5 ? scores[0] + (2 * scores[3]) : float.NaN));
        IReadOnlyList<float> ant = Explain(Target.Class(0)).Layers[0].ChannelScores,
            dog = Explain(Target.Class(3)).Layers[0].ChannelScores;
        why.Layers[0].ChannelScores.Should().Equal(ant.Zip(dog, (a, d) => a + (2 * d)));
        why.TargetName.Should().Be("two of them");
    }

    [Fact]
    public void A_custom_target_gets_the_prediction_once_before_it_is_scored()
    {
        var target = new RunnerUp();
        Explanation why = Explain(target);
        target.Resolved.Should().Be(1);
        why.ClassIndex.Should().Be(_ranked[1]);
        why.TargetName.Should().Be("the runner-up");
        why.Logit.Should().Be(Logit(_ranked[1]));
        why.Map.DifferenceTo(Explain(Target.Class(_ranked[1])).Map).Should().Be(0);
    }

    [Fact]
    public void All_targets_of_a_call_come_from_one_sweep()
    {
        var reports = new Reports();
        IReadOnlyList<Explanation> all = new ScoreCamExplainer(_model).Explain(
            Networks.Picture(), [Target.Class(0), Target.Predicted, Target.Class("dog")], reports,
            TestContext.Current.CancellationToken);
        all.Should().HaveCount(3);
        reports.All.Count.Should().Be(10, "ten passes serve all three");
    }

    [Fact]
    public void Presets_that_score_probabilities_give_them_to_a_function()
    {
        float smallest = float.MaxValue, largest = float.MinValue, sum = 0;
        var target = Target.Function("looks", scores =>
        {
            (smallest, largest, sum) =
                (Math.Min(smallest, scores.ToArray().Min()), Math.Max(largest, scores.ToArray().Max()),
                scores.ToArray().Sum());
            return scores[2];
        });
        using ImageModel model = ImageModel.Load(Networks.Logits(), new() { Workers = 1 });
        Explanation why = model.Explain(Networks.Picture(), target, new() { Preset = ScoreCamPreset.Official });
        smallest.Should().BeGreaterThanOrEqualTo(0);
        largest.Should().BeLessThanOrEqualTo(1);
        sum.Should().BeApproximately(1, 1e-5f);
        why.Layers[0].ChannelWeights.Should()
            .Equal(why.Layers[0].ChannelScores, "the probability itself is the weight");
    }

    [Theory]
    [InlineData(5, "*Class 5 does not exist*5 classes, 0 to 4*")]
    [InlineData(int.MaxValue, "*Class 2147483647 does not exist*")]
    public void A_class_beyond_the_last_is_refused(int index, string message) =>
        ((Action)(() => Explain(Target.Class(index)))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage(message);

    [Fact]
    public void Other_invalid_targets_are_refused_with_the_reason()
    {
        ((Action)(() => Target.Class(-1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*-1*");
        ((Action)(() => Target.Top(0))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0*");
        ((Action)(() => Target.Top(int.MaxValue))).Should()
            .Throw<ArgumentOutOfRangeException>(
            "no network has so many classes, and a list of them would use all memory").WithMessage("*2147483647*");
        ((Action)(() => Explain(Target.Class("beee")))).Should().Throw<ArgumentException>()
            .WithMessage("*'beee'*did you mean 'bee'?*").Which.Message.Should().NotContain("?.");
        ((Action)(() => Explain(Target.Class("cat")))).Should().Throw<ArgumentException>()
            .WithMessage("*'cat'*2 (cat), 4 (cat)*");
        ((Action)(() => Explain(Target.Class("zzzzzz")))).Should().Throw<ArgumentException>()
            .WithMessage("*'zzzzzz'*5.*");
        ((Action)(() => new ScoreCamExplainer(_model).Explain(Networks.Picture(), Target.Top(6)))).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*6*5*");
        ((Action)(() => new ScoreCamExplainer(_model).Explain(Networks.Picture(), []))).Should()
            .Throw<ArgumentException>().WithMessage("No targets*");
        ((Action)(() => new ScoreCamExplainer(_model).Explain(Networks.Picture(), [Target.Predicted, null!]))).Should()
            .Throw<ArgumentException>().WithMessage("Target 1 of 2 is null*");
        ((Action)(() => Target.Function(" ", s => s[0]))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_faulty_custom_target_is_named_in_the_error()
    {
        Explainer[] explainers = [new ScoreCamExplainer(_model), new RiseExplainer(_model, new() { Masks = 2 })];
        foreach (Explainer explainer in explainers)
        {
            FluentActions.Invoking(() => explainer.Explain(Networks.Picture(), new Careless(null, null))).Should()
                .Throw<ScoreCamException>().WithMessage("*'careless' resolved to null*");
            foreach (int index in new[] { -1, 5, int.MaxValue })
                FluentActions.Invoking(() =>
                    explainer.Explain(Networks.Picture(), new Careless(_ => new Careless(null, index), null))).Should()
                    .Throw<ScoreCamException>().WithMessage($"*'careless'*index {index};*0 to 4*");
        }
        Explain(new Careless(target => target, 4)).ClassIndex.Should().Be(4);
    }

    [Fact]
    public async Task A_list_of_targets_may_be_used_again_as_soon_as_the_call_has_returned()
    {
        using var changed = new ManualResetEventSlim();
        var picture = new RgbImage(2, 2, new byte[12]);
        Target first = new Careless(_ =>
        {
            changed.Wait(TestContext.Current.CancellationToken);
            return Target.Class(0).Resolve(_model.Predict(picture));
        }, null);
        List<Target> targets = [first, Target.Class(1)];
        Task<IReadOnlyList<Explanation>> explained =
            new ScoreCamExplainer(_model)
            .ExplainAsync(picture, targets, cancellationToken: TestContext.Current.CancellationToken);
        targets.Clear();
        targets.Add(Target.Class(2));
        changed.Set();
        (await explained).Select(why => why.ClassIndex).Should().Equal(0, 1);
    }

    [Fact]
    public void A_sum_adds_the_scores_of_its_targets()
    {
        Target sum = Target.Sum([Target.Class("ant"), Target.Class(3), Target.Class(1)]);
        Explanation why = Explain(sum);
        why.TargetName.Should().Be($"ant + {_model.Classes[3]} + {_model.Classes[1]}");
        sum.Resolve(Predicted).Score([1, 10, 100, 1000, 10000]).Should()
            .Be(sum.Resolve(Predicted).Score([1, 0, 100, 1000, 0]) + 10);
        FluentActions.Invoking(() => Target.Sum([])).Should().Throw<ArgumentException>()
            .WithMessage("*at least one target*");
        FluentActions.Invoking(() => Target.Sum([null!])).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Finer_is_a_class_minus_the_mean_of_the_classes_with_the_nearest_logits()
    {
        Prediction prediction = new([5, 4.5f, -3, 6, 1], new float[5], ClassLabels.Numbered(5));
        // From class 0 the distances are 0.5, 8, 1 and 4.
        Target finer = Target.Finer(Target.Class(0)).Resolve(prediction);
        finer.Score([5, 4.5f, -3, 6, 1]).Should().BeApproximately(5 - ((4.5f + 6 + 1) / 3), 1e-5f);
        finer.Name.Should().Be("class 0 rather than class 1, class 3, class 4");
        finer.Score([0, 0, 100, 0, 0]).Should().Be(0, "the similar classes come from the prediction of the picture");
        Target.Finer(Target.Class(0), strength: 0.5f, others: 1).Resolve(prediction).Score([5, 4.5f, -3, 6, 1])
            .Should().Be(2.75f);
        Target.Finer(Target.Class(0), others: 99).Resolve(prediction).Score([4, 0, 0, 0, 0]).Should().Be(4);
        // The predicted class is 3.
        Target.Finer(others: 1).Resolve(prediction).Score([2, 0, 0, 7, 0]).Should().Be(5);
        FluentActions.Invoking(() => Target.Finer(Target.Function("f", s => s[0])).Resolve(prediction))
            .Should().Throw<ArgumentException>().WithMessage("*'f' is not one class*");
        FluentActions.Invoking(() => Target.Finer(strength: -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Target.Finer(others: 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Gradients_equal_finite_differences()
    {
        Target product = Target.Function("product", s => s[0] * s[4], (s, g) =>
        {
            g.Clear();
            (g[0], g[4]) = (s[4], s[0]);
        });
        foreach (Target target in new[]
        {
            Target.Class(2),
            Target.Contrast(Target.Class(1), Target.Class(4)),
            Target.Contrast(product, Target.Sum([Target.Class(0), product])),
            Target.Finer(Target.Class(1)),
            product,
        })
        {
            Target resolved = target.Resolve(Predicted);
            float[] scores = [1, -2, 0.5f, 4, 3];
            float[] gradient = [9, 9, 9, 9, 9];
            resolved.Gradient(scores, gradient);
            for (int c = 0; c < 5; c++)
            {
                float[] above = [.. scores], below = [.. scores];
                above[c] += 0.5f;
                below[c] -= 0.5f;
                gradient[c].Should().BeApproximately(resolved.Score(above) - resolved.Score(below), 1e-4f,
                    $"{target.Name} {c}");
            }
        }
        FluentActions.Invoking(() =>
            Target.Contrast(Target.Class(0), Target.Function("mine", s => s[0])).Gradient([1, 2], new float[2]))
            .Should().Throw<ArgumentException>().WithMessage("*'mine' has no gradient*");
    }

    private Prediction Predicted => _model.Predict(Networks.Picture());

    private float Logit(int index) => _model.Predict(Networks.Picture()).Logits[index];

    private Explanation Explain(Target target) => _model.Explain(Networks.Picture(), target);

    private sealed class Careless(Func<Target, Target>? resolve, int? classIndex) : Target
    {
        public override string Name => "careless";

        public override int? ClassIndex => classIndex;

        public override float Score(ReadOnlySpan<float> scores) => scores[0];

        public override Target Resolve(Prediction prediction) => resolve?.Invoke(this)!;
    }

    private sealed class RunnerUp : Target
    {
        private int _index = -1;

        public int Resolved { get; private set; }

        public override string Name => "the runner-up";

        public override int? ClassIndex => _index;

        public override float Score(ReadOnlySpan<float> scores) => scores[_index];

        public override Target Resolve(Prediction prediction)
        {
            Resolved++;
            _index = prediction.Ranked(2)[1];
            return this;
        }
    }
}
