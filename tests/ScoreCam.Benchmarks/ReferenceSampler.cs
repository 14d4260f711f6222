using System.Numerics.Tensors;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Numerics;

namespace ScoreCam.Benchmarks;

/// <summary>
/// The method that adaptive sampling is compared with, for one target. It uses a Gaussian process with an RBF kernel on
/// min–max normalised maps, seeds of largest deviation, and eight rounds that choose by exp(μ + σ) · max A.
/// </summary>
/// <param name="sweep">The sweep.</param>
/// <param name="passes">The budget of passes.</param>
/// <param name="target">The target that determines the choice.</param>
/// <param name="scaled">
/// Whether the process variance is that of the measured scores. Otherwise it is 1. The method allows both.
/// </param>
internal sealed class ReferenceSampler(Sweep sweep, int passes, int target, bool scaled) : ChannelSampler
{
    private const double Noise = 1e-3;
    private const int Rounds = 8;

    private readonly int[] _channels = sweep.Masks.Live;
    private readonly List<int> _measured = [];
    private readonly double[][] _kernel = Kernel(sweep);
    private readonly int _budget = Math.Min(passes - (sweep.NeedsBaseline ? 1 : 0), sweep.Masks.Live.Length);
    private int _seeds;
    private int _round;

    public override bool NeedsBaseline => sweep.NeedsBaseline;

    public override int MaxScored => passes;

    public override int[] NextRound()
    {
        int[] chosen;
        if (_measured.Count == 0)
        {
            int seeds = Math.Min(_budget, (int)Math.Round(passes * 0.25, MidpointRounding.ToEven));
            chosen = [.. Enumerable.Range(0, _channels.Length)
                .OrderByDescending(i => TensorPrimitives.StdDev(sweep.Masks.Activations[_channels[i]])).Take(seeds)];
            _measured.AddRange(chosen);
            _seeds = seeds;
            return Channels(chosen);
        }
        int rest = _budget - _seeds, take = 0;
        while (take == 0 && _round < Rounds)
            take = (rest * ++_round / Rounds) - (rest * (_round - 1) / Rounds);
        if (take == 0)
            return [];
        (double[] means, double[] deviations) = Predict();
        chosen = [.. Enumerable.Range(0, _channels.Length).Except(_measured)
            .OrderByDescending(i => means[i] + deviations[i]
                + Math.Log(Math.Max(1e-30, TensorPrimitives.Max(sweep.Masks.Activations[_channels[i]])))).Take(take)];
        _measured.AddRange(chosen);
        return Channels(chosen);
    }

    public override ChannelScores Complete()
    {
        (double[] means, _) = Predict();
        float[][] scores = sweep.ScoresOf(_channels);
        int[] predicted = [.. Enumerable.Range(0, _channels.Length).Except(_measured)];
        foreach (int i in predicted)
            scores[target][_channels[i]] = (float)means[i];
        return new(scores, sweep.Scores.Baseline, Channels(predicted), new float?[scores.Length]);
    }

    private int[] Channels(int[] rows) => [.. rows.Select(i => _channels[i])];

    private (double[] Means, double[] Deviations) Predict()
    {
        int n = _measured.Count;
        double[] values = [.. _measured.Select(i => (double)sweep.Scores[target, _channels[i]])];
        double mean = values.Average();
        double deviation = scaled ? Math.Sqrt(values.Average(v => (v - mean) * (v - mean))) : 1;
        deviation = deviation > 0 ? deviation : 1;
        var lower = new double[n][];
        var y = new double[n];
        for (int i = 0; i < n; i++)
        {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++)
            {
                double rest = _kernel[_measured[i]][_measured[j]] + (i == j ? Noise : 0)
                    - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, j), lower[j].AsSpan(0, j));
                lower[i][j] = i == j ? Math.Sqrt(rest) : rest / lower[j][j];
            }
            y[i] = (((values[i] - mean) / deviation)
                - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, i), y.AsSpan(0, i))) / lower[i][i];
        }
        var (means, deviations, column) = (new double[_channels.Length], new double[_channels.Length], new double[n]);
        for (int k = 0; k < _channels.Length; k++)
        {
            for (int i = 0; i < n; i++)
                column[i] = (_kernel[_measured[i]][k]
                    - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, i), column.AsSpan(0, i))) / lower[i][i];
            means[k] = mean + (deviation * TensorPrimitives.Dot<double>(column, y));
            deviations[k] = deviation * Math.Sqrt(Math.Max(1 - TensorPrimitives.SumOfSquares<double>(column), 1e-12));
        }
        return (means, deviations);
    }

    private static double[][] Kernel(Sweep sweep)
    {
        float[][] masks = [.. sweep.Masks.Live.Select(k =>
        {
            float[] mask = sweep.Masks.Activations[k].ToArray();
            Statistics.NormalizeMinMax(mask);
            return mask;
        })];
        double[][] distances = [.. masks.Select(a =>
            masks.Select(b => Math.Pow(TensorPrimitives.Distance<float>(a, b), 2)).ToArray())];
        double[] pairs = [.. distances.SelectMany((row, i) => row.Skip(i + 1)).Order()];
        double squaredLength = pairs.Length == 0 ? 1 : pairs[pairs.Length / 2];
        return [.. distances.Select(row => row.Select(d => Math.Exp(-d / (2 * squaredLength))).ToArray())];
    }
}
