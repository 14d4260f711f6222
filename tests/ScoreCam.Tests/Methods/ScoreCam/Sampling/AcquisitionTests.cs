using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam.Sampling;

public class AcquisitionTests
{
    private const int Channels = 24, Places = 36;

    private readonly ActivationMaps _maps = Random();
    private readonly int[] _rows = [.. Enumerable.Range(0, Channels)];
    private readonly int[] _known = [2, 11, 19];

    [Fact]
    public void Each_choice_minimises_the_variance_that_remains_in_the_map()
    {
        TargetPrediction target = Predict(Process(), MathF.Sin);
        float[] weights = Weights(target);
        int[] chosen = Choose(3, [target], [weights]);

        // Greedy choices by the definition, in double precision. The covariances come from a process to which the
        // earlier choices were actually added.
        GaussianProcess process = Process();
        float[] slopes = [.. _rows.Select(row => target.Slope(row, process.Variances[row]))];
        var expected = new List<int>();
        for (int step = 0; step < 3; step++)
        {
            int[] left = [.. Unmeasured().Except(expected)];
            float[][] covariances = process.Covariances(left);
            double[] reductions = [.. left.Select((_, i) => Enumerable.Range(0, Places).Sum(place =>
                Math.Pow(left.Select((row, j) => slopes[row] * Aside(row, place, weights) * covariances[i][j]).Sum(),
                    2)) / (covariances[i][i] + 0.01))];
            expected.Add(left[Array.IndexOf(reductions, reductions.Max())]);
            process.Add(expected[^1]);
        }
        chosen.Should().Equal(expected);
    }

    [Fact]
    public void Channels_that_only_scale_the_map_are_never_chosen_first()
    {
        // All maps except one are multiples of one pattern, so the normalised map depends on that one only.
        float[] pattern = [.. Enumerable.Range(0, Places).Select(i => (i % 7) + 1f)];
        float[] values = [.. Enumerable.Range(0, Channels)
            .SelectMany(k => k == 13 ? [.. pattern.Select((v, i) => i % 2 == 0 ? v : 1)]
            : pattern.Select(v => v * (1 + (k * 0.01f))))];
        var maps = new ActivationMaps("layer", values, Channels, 6, 6);
        TargetPrediction target = new() { Link = Link, Means = new float[Channels + 2], Variance = 1, Calibration = 1 };
        var process = new GaussianProcess(new MaskKernel(new MaskFeatures(maps, _rows, MaskRule.UpsampleThenMinMax)),
            30);
        process.Add(0);
        var summed = new SummedMaps(maps, SumRule.Activations, signed: false);
        var candidates = new Candidates(Channels, [target], [.. summed.Magnitudes], process, _rows.Skip(1));
        new Acquisition(summed, _rows)
            .Choose(1, candidates, [target], [[.. Enumerable.Repeat(1f, Channels)]], process.Variances).Should()
            .Equal(13);
    }

    [Fact]
    public void The_target_that_gains_most_decides_the_choice()
    {
        TargetPrediction known = Predict(Process(), _ => 1), unknown = Predict(Process(), MathF.Sin);
        Choose(4, [known, unknown], [Weights(known), Weights(unknown)]).Should()
            .Equal(Choose(4, [unknown], [Weights(unknown)]), "equal scores leave no variance");
    }

    [Fact]
    public void At_most_the_existing_channels_are_chosen()
    {
        TargetPrediction target = Predict(Process(), MathF.Sin);
        Choose(100, [target], [Weights(target)]).Should().BeEquivalentTo(Unmeasured());
    }

    private static ScoreLink Link => ScoreLink.For(PresetRules.Of(ScoreCamPreset.Paper), [0], float.NaN);

    private int[] Choose(int count, TargetPrediction[] targets, float[][] weights)
    {
        GaussianProcess process = Process();
        var summed = new SummedMaps(_maps, SumRule.Activations, signed: false);
        var candidates = new Candidates(Channels, targets, summed.Magnitudes, process, Unmeasured());
        return [.. new Acquisition(summed, _rows).Choose(count, candidates, targets, weights, process.Variances)];
    }

    private IEnumerable<int> Unmeasured() => _rows.Except(_known);

    private GaussianProcess Process()
    {
        var process = new GaussianProcess(new MaskKernel(new MaskFeatures(_maps, _rows, MaskRule.UpsampleThenMinMax)),
            30);
        process.Add(_known);
        return process;
    }

    private TargetPrediction Predict(GaussianProcess process, Func<float, float> score)
    {
        Posterior posterior = process.Predict([.. _known.Select(k => score(k))]);
        return new() { Link = Link, Means = posterior.Means, Variance = posterior.Variance, Calibration = 1 };
    }

    private float[] Weights(TargetPrediction target) => [.. _rows.Select(row => target.Link.Weight(target.Means[row]))];

    /// <summary>The part of a channel's map that is orthogonal to the predicted map.</summary>
    private double Aside(int row, int place, float[] weights)
    {
        double[] map = [.. Enumerable.Range(0, Places).Select(i => _rows.Sum(k => (double)weights[k] * _maps[k][i]))];
        double share = Enumerable.Range(0, Places).Sum(i => _maps[row][i] * map[i]) / map.Sum(v => v * v);
        return _maps[row][place] - (share * map[place]);
    }

    private static ActivationMaps Random()
    {
        var random = new Random(8);
        return new("layer", [.. Enumerable.Range(0, Channels * Places)
            .Select(_ => MathF.Max(0, (float)random.NextDouble() - 0.4f))], Channels, 6, 6);
    }
}
