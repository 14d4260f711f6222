using FluentAssertions;
using ScoreCam.Evaluation;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

public class MapSimilarityTests
{
    // Two correlated maps of 13 × 12 in tenths (a = 1), with many ties.
    private const string FirstTenths =
        "470311234547290746128a3799102914a5737808a7381493310723516167147405759691184293"
        + "879683394a761946429606359496097a219718897100029568136a6082849761110127601a6237";
    private const string SecondTenths =
        "374523453336481855347726864029158752784965494594332655544146168214567784484393"
        + "775675395776175725772746758738874276267783121497662569637474745151344642276258";

    private static readonly SaliencyMap First = Map(FirstTenths), Second = Map(SecondTenths);

    [Fact]
    public void Correlations_match_SciPy_and_SSIM_matches_its_formula_in_NumPy()
    {
        MapSimilarity.Spearman(First, Second).Should().BeApproximately(0.858954685, 1e-6);
        MapSimilarity.Pearson(First, Second).Should().BeApproximately(0.852425495, 1e-6);
        MapSimilarity.Ssim(First, Second).Should().BeApproximately(0.820185177, 1e-5);
    }

    [Fact]
    public void A_map_is_similar_to_itself_and_opposite_to_its_negative()
    {
        MapSimilarity.Spearman(First, First).Should().BeApproximately(1, 1e-9);
        MapSimilarity.Ssim(First, First).Should().BeApproximately(1, 1e-6);
        var opposite = new SaliencyMap(12, 13, [.. First.Values.ToArray().Select(v => 1 - v)]);
        MapSimilarity.Spearman(First, opposite).Should().BeApproximately(-1, 1e-9);
        MapSimilarity.Pearson(First, opposite).Should().BeApproximately(-1, 1e-9);
    }

    [Fact]
    public void A_flat_map_has_zero_correlation_with_any_map()
    {
        var flat = new SaliencyMap(12, 13, [.. Enumerable.Repeat(0.3f, 156)]);
        MapSimilarity.Spearman(flat, First).Should().Be(0);
        MapSimilarity.Pearson(First, flat).Should().Be(0);
        MapSimilarity.Pearson(flat, flat).Should().Be(0);
    }

    [Fact]
    public void Equal_values_share_their_mean_rank()
    {
        // Ranks 1.5 1.5 3 4 and 1 2 3.5 3.5: covariance 4.25 / √(4.5 · 4.5).
        MapSimilarity.Spearman(new SaliencyMap(2, 2, [1, 1, 5, 7]), new SaliencyMap(2, 2, [0, 2, 3, 3]))
            .Should().BeApproximately(4 / 4.5, 1e-6);
    }

    [Fact]
    public void Maps_of_different_sizes_are_refused()
    {
        FluentActions.Invoking(() => MapSimilarity.Ssim(First, First.Resize(13, 12)))
            .Should().Throw<ArgumentException>().WithMessage("*12 × 13*13 × 12*Resize*");
    }

    private static SaliencyMap Map(string tenths) =>
        new(12, 13, [.. tenths.Select(digit => Convert.ToInt32(digit.ToString(), 16) / 10f)]);
}
