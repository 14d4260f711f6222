using System.Numerics;
using FluentAssertions;
using ScoreCam.Evaluation.Comparison;
using Xunit;

namespace ScoreCam.Tests.Evaluation.Comparison;

public class AgreementTests
{
    [Fact]
    public void Kappa_equals_the_textbook_example()
    {
        // Both yes 20, only A 5, only B 10, both no 15: the observed agreement is 0.7 and the chance agreement 0.5, so
        // κ = 0.4.
        NetworkAgreement agreement = Of(20, 5, 10, 15);
        agreement.Total.Should().Be(50);
        agreement.Kappa.Should().BeApproximately(0.4, 1e-12);
    }

    [Fact]
    public void Kappa_is_one_for_agreement_minus_one_for_disagreement_and_null_if_undefined()
    {
        Of(7, 0, 0, 3).Kappa.Should().BeApproximately(1, 1e-12);
        Of(0, 5, 5, 0).Kappa.Should().BeApproximately(-1, 1e-12);
        Of(9, 0, 0, 0).Kappa.Should().BeNull("two networks that are always right always agree, even by chance");
        Of(0, 0, 0, 0).Kappa.Should().BeNull();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 9)]
    [InlineData(5, 5)]
    [InlineData(2, 17)]
    [InlineData(700, 900)]
    public void McNemar_equals_the_binomial_test_in_integer_arithmetic(int onlyFirst, int onlySecond)
    {
        int n = onlyFirst + onlySecond;
        BigInteger tail = 0, binomial = 1;
        for (int i = 0; i <= Math.Min(onlyFirst, onlySecond); i++)
        {
            tail += binomial;
            binomial = binomial * (n - i) / (i + 1);
        }
        double expected = Math.Min(1, Math.Exp(BigInteger.Log(2 * tail) - (n * Math.Log(2))));
        Of(4, onlyFirst, onlySecond, 4).McNemar.Should().BeApproximately(expected, 1e-9 * expected);
    }

    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    [InlineData(20, 20, 0.8389, 1.0000)]
    public void The_interval_of_a_proportion_matches_Newcombe_1998(int count, int total, double low, double high)
    {
        Proportion share = new(count, total);
        share.Share.Should().BeApproximately((double)count / total, 1e-12);
        share.Low.Should().BeApproximately(low, 5e-5);
        share.High.Should().BeApproximately(high, 5e-5);
    }

    [Fact]
    public void A_proportion_of_no_cases_is_NaN()
    {
        Proportion none = new(0, 0);
        none.Share.Should().Be(double.NaN);
        none.Low.Should().Be(double.NaN);
        none.High.Should().Be(double.NaN);
    }

    [Fact]
    public void Paired_values_with_a_common_spread_have_a_clear_difference()
    {
        double?[] first = [.. Enumerable.Range(0, 40).Select(i => (double?)(i % 7))];
        double?[] second = [.. first.Select((value, i) => value - 0.5 - (i % 2 * 0.2))];
        PairedDifference difference = PairedDifference.Of(first, second);
        difference.Mean.Should().BeApproximately(0.6, 1e-12);
        difference.Low.Should().BeInRange(0.55, 0.6);
        difference.High.Should().BeInRange(0.6, 0.65);
        difference.IsClear.Should().BeTrue();
        difference.Count.Should().Be(40);
    }

    [Fact]
    public void Pairs_with_a_missing_value_are_left_out()
    {
        PairedDifference difference = PairedDifference.Of([1, null, 3, 4], [2, 5, null, 2]);
        difference.Count.Should().Be(2);
        difference.Mean.Should().Be(0.5);
        difference.IsClear.Should().BeFalse("differences of −1 and 2 have no clear sign");
        PairedDifference.Of([null], [1]).IsClear.Should().BeFalse();
        FluentActions.Invoking(() => PairedDifference.Of([1], [1, 2])).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Few_pictures_give_no_clear_difference(int pictures, bool isClear)
    {
        double?[] first = [.. Enumerable.Range(0, pictures).Select(i => (double?)(10 + i))];
        double?[] second = [.. first.Select(value => value - 1)];
        PairedDifference.Of(first, second).IsClear.Should().Be(isClear, "2 · 2⁻ⁿ is below 0.05 from n = 6 on");
    }

    private static NetworkAgreement Of(int both, int first, int second, int none) =>
        new() { BothRight = both, OnlyFirst = first, OnlySecond = second, BothWrong = none };
}
