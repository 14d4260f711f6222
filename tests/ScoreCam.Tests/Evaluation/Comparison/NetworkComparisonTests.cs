using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;
using Xunit;

namespace ScoreCam.Tests.Evaluation.Comparison;

/// <summary>Two networks on five pictures. All expected numbers were computed by hand.</summary>
public class NetworkComparisonTests
{
    private static readonly ComparedNetwork A = Network("A", "cat", "dog", "bird");
    private static readonly ComparedNetwork B = Network("B", "background", "bird", "dog", "cat");

    private static readonly ComparedPicture[] Pictures =
    [
        new() { Name = "1", ClassName = "cat" }, new() { Name = "2", ClassName = "cat" },
        new() { Name = "3", ClassName = "dog" },
        new() { Name = "4", ClassName = "bird" }, new() { Name = "5" },
    ];

    // A: right, dog, right, cat, bird. B: right, dog, cat, right, bird.
    private static readonly NetworkAnswer[] Answers =
    [
        new("A", "1", [0.7f, 0.2f, 0.1f], 0), new("A", "2", [0.3f, 0.6f, 0.1f], 0),
        new("A", "3", [0.1f, 0.8f, 0.1f], 1),
        new("A", "4", [0.5f, 0.1f, 0.4f], 2), new("A", "5", [0.1f, 0.1f, 0.8f], null),
        new("B", "1", [0, 0.1f, 0.1f, 0.8f], 3), new("B", "2", [0, 0.2f, 0.7f, 0.1f], 3),
        new("B", "3", [0, 0.1f, 0.4f, 0.5f], 2),
        new("B", "4", [0, 0.9f, 0.1f, 0], 1), new("B", "5", [0, 0.6f, 0.4f, 0], null),
    ];

    [Fact]
    public void Accuracy_is_the_share_of_right_answers_to_known_pictures()
    {
        NetworkComparison comparison = Comparison();
        comparison.Accuracy("A").Should().Be(new Proportion(2, 4));
        comparison.Accuracy("A", among: 2).Should().Be(new Proportion(4, 4));
        comparison.Accuracy("B").Should().Be(new Proportion(2, 4));
        comparison.Accuracy("B", among: 3).Should().Be(new Proportion(4, 4));
        comparison.ClassAccuracy("A").Should().BeEquivalentTo(
            new Dictionary<string, Proportion> { ["cat"] = new(1, 2), ["dog"] = new(1, 1), ["bird"] = new(0, 1) });
        ClassGroups groups = ClassGroups.Parse("""{"pets": ["cat", "dog"], "fish": ["tench"]}""");
        comparison.GroupAccuracy("B", groups)
            .Should().BeEquivalentTo(new Dictionary<string, Proportion> { ["pets"] = new(1, 3) });
    }

    [Fact]
    public void Agreement_counts_right_and_equal_answers()
    {
        NetworkAgreement agreement = Comparison().Agreement("A", "B");
        (agreement.BothRight, agreement.OnlyFirst, agreement.OnlySecond, agreement.BothWrong).Should().Be((1, 1, 1, 1));
        agreement.SameAnswer.Should().Be(new Proportion(3, 5), "cat and cat, dog and dog, bird and bird");
        NetworkComparison numbered =
            new([A, Network("N")], Pictures, [Answers[0], new("N", "1", [0.1f, 0.9f], null)], []);
        numbered.Agreement("A", "N").SameAnswer.Should().BeNull("classes without names have no match");
    }

    [Fact]
    public void Confused_classes_are_close_to_each_other()
    {
        ClassMap map = ClassMap.Of(Comparison(), "A");
        map.Classes.Should().Equal("bird", "cat", "dog");
        map.Distance(0, 1).Should().BeApproximately(((1 - 0.5) + (1 - 0.1)) / 2, 1e-7);
        map.Distance(1, 2).Should().BeApproximately(((1 - ((0.2 + 0.6) / 2)) + (1 - 0.1)) / 2, 1e-7);
        map.Distance(2, 0).Should().BeApproximately(((1 - 0.1) + (1 - 0.1)) / 2, 1e-7);
        map.Plane.Points.Should().HaveCount(3);
    }

    [Fact]
    public void The_similarity_of_two_columns_is_the_mean_over_their_common_pictures()
    {
        SaliencyMap[] maps =
            [.. Enumerable.Range(0, 4).Select(seed => new SaliencyMap(8, 8, EvaluationSetup.DistinctMap(seed)))];
        NetworkComparison comparison = Comparison(
            Map("A", "1", maps[0]), Map("A", "2", maps[1]), Map("B", "1", maps[2]), Map("B", "2", maps[3]),
            Map("B", "3", maps[0]));
        double expected = (MapSimilarity.Pearson(maps[0], maps[2]) + MapSimilarity.Pearson(maps[1], maps[3])) / 2;
        MapAgreement.Mean(comparison, new("A", "m"), new("B", "m"), SimilarityMeasure.Pearson)
            .Should().BeApproximately(expected, 1e-12);
        MapAgreement.Of(comparison, "2", new("A", "m"), new("B", "m"), SimilarityMeasure.Ssim)
            .Should().Be(MapSimilarity.Ssim(maps[1], maps[3]));
        MapAgreement.Of(comparison, "3", new("A", "m"), new("B", "m"), SimilarityMeasure.Spearman).Should().BeNull();
        MapAgreement.Mean(comparison, new("A", "m"), new("B", "other"), SimilarityMeasure.TopIoU).Should().BeNull();

        (IReadOnlyList<string> networks, PlaneScaling plane) = MapAgreement.MapOfNetworks(comparison, "m");
        networks.Should().Equal("A", "B");
        (plane.Points[0].X - plane.Points[1].X).Should().BeApproximately(1 - expected, 1e-9);
        MapAgreement.MapOfNetworks(comparison, "other").Networks.Should().BeEmpty();
    }

    [Fact]
    public void Inconsistent_comparisons_are_refused()
    {
        Refuse("Two networks are named 'A'", () => new([A, A], Pictures, [], []));
        Refuse("Two pictures are named '1'", () => new([A], [Pictures[0], Pictures[0]], [], []));
        Refuse("unknown network or picture", () => new([A], Pictures, [Answers[^1]], []));
        Refuse("two answers of 'A' to '1'", () => new([A], Pictures, [Answers[0], Answers[0]], []));
        Refuse("has no answer", () => new([A], Pictures, [], [Map("A", "1", new(1, 1, [0f]))]));
        Refuse("two maps", () =>
            new([A], Pictures, Answers[..1], [Map("A", "1", new(1, 1, [0f])), Map("A", "1", new(1, 1, [0f]))]));
        Refuse("There is no network 'C'", () =>
        {
            Comparison().Accuracy("C");
            return null!;
        });
        static void Refuse(string says, Func<NetworkComparison> make) =>
            make.Should().Throw<ArgumentException>().WithMessage($"*{says}*");
    }

    [Fact]
    public void An_answer_ranks_its_classes()
    {
        NetworkAnswer answer = new("A", "1", [0.2f, 0.4f, 0.4f], 2);
        (answer.Predicted, answer.IsRight, answer.IsAmong(1), answer.IsAmong(2), answer.IsAmong(9))
            .Should().Be((1, false, false, true, true));
        answer.Ranked(3).Should().Equal(1, 2, 0);
        answer.Confidence.Should().Be(0.4f);
        new NetworkAnswer("A", "1", [1f], null).IsRight.Should().BeNull();
        FluentActions.Invoking(() => new NetworkAnswer("A", "1", [], null)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new NetworkAnswer("A", "1", [1f], 1))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    private static NetworkComparison Comparison(params ComparedMap[] maps) => new([A, B], Pictures, Answers, maps);

    private static ComparedMap Map(string network, string picture, SaliencyMap map) =>
        new() { Network = network, Picture = picture, Method = "m", ClassIndex = 0, Map = map };

    private static ComparedNetwork Network(string name, params string[] classes) =>
        new() { Name = name, Sha256 = name, Classes = classes.Length == 0 ? ClassLabels.Numbered(2) : new(classes) };
}
