using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

/// <summary>
/// Mean and spread of weights whose latent value is normally distributed, compared with numerical integration.
/// </summary>
public class ScoreLinkTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(-3, 1)]
    [InlineData(1, 0.1)]
    public void Weights_of_logits_are_log_normal(double mean, double variance)
    {
        ScoreLink link = ScoreLink.For(PresetRules.Of(ScoreCamPreset.Paper), [2, float.NaN, -1], float.NaN);
        (double expected, double spread) = Integrate(latent => Math.Exp(latent - 2), mean, variance);
        link.Weight(link.ExpectedScore((float)mean, (float)variance)).Should()
            .BeApproximately((float)expected, (float)(1e-4 * expected));
        link.Spread((float)mean, (float)variance).Should().BeApproximately((float)spread, (float)(1e-3 * spread));
        link.Slope((float)mean, (float)variance).Should()
            .BeApproximately((float)expected, (float)(1e-4 * expected), "an exponential is its own slope");
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(-3, 1)]
    [InlineData(4, 0.1)]
    public void Probabilities_are_predicted_as_log_odds(double mean, double variance)
    {
        ScoreLink link = ScoreLink.For(PresetRules.Of(ScoreCamPreset.IncreaseOfConfidence), [0.2f, float.NaN, 1], 0.1f);
        (double expected, double spread) = Integrate(latent => 1 / (1 + Math.Exp(-latent)), mean, variance);
        link.ExpectedScore((float)mean, (float)variance).Should()
            .BeApproximately((float)expected, 0.01f * (float)expected);
        link.Spread((float)mean, (float)variance).Should()
            .BeApproximately((float)spread, 0.15f * (float)spread, "integration with three points is approximate");
        (double slope, _) = Integrate(latent => Math.Exp(-latent) / Math.Pow(1 + Math.Exp(-latent), 2), mean, variance);
        link.Slope((float)mean, (float)variance).Should().BeApproximately((float)slope, 0.02f * (float)slope);
        link.Weight(link.Latent(0.7f)).Should().BeApproximately(0.7f - 0.1f, 1e-5f);
        link.Latent(0).Should().BeLessThan(-15);
        link.Latent(1).Should().BeGreaterThan(15);
    }

    [Fact]
    public void Scores_that_are_not_probabilities_are_predicted_without_a_transformation()
    {
        ScoreLink link = ScoreLink.For(PresetRules.Of(ScoreCamPreset.Official), [0.2f, -0.4f], float.NaN);
        link.Latent(-0.4f).Should().Be(-0.4f);
        link.Weight(-0.4f).Should().Be(-0.4f);
        link.ExpectedScore(0.3f, 0.5f).Should().Be(0.3f);
        link.Spread(0.3f, 0.25f).Should().BeApproximately(0.5f, 1e-6f);
        link.Slope(0.3f, 0.25f).Should().Be(1);
    }

    [Fact]
    public void Scores_of_very_large_variance_do_not_overflow()
    {
        ScoreLink link = ScoreLink.For(PresetRules.Of(ScoreCamPreset.Paper), [0], float.NaN);
        float.IsFinite(link.Spread(1000, 1000)).Should().BeTrue();
        float.IsFinite(link.Weight(1000)).Should().BeTrue();
    }

    private static (double Mean, double Deviation) Integrate(Func<double, double> weight, double mean, double variance)
    {
        (double sum, double first, double second) = (0, 0, 0);
        for (double z = -8; z <= 8; z += 0.001)
        {
            (double density, double value) = (Math.Exp(-z * z / 2), weight(mean + (z * Math.Sqrt(variance))));
            (sum, first, second) = (sum + density, first + (density * value), second + (density * value * value));
        }
        return (first / sum, Math.Sqrt((second / sum) - (first / sum * (first / sum))));
    }
}
