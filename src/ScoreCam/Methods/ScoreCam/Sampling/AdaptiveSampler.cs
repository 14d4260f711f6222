using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// First scores seeds, which are channels that differ strongly from each other. Then scores, in each round, the
/// channels whose unknown weights could change the map most. Rows are the rows of <see cref="MaskFeatures"/>: the
/// channels with a non-zero mask, in order. The result does not depend on the number of workers or the batch size.
/// </summary>
internal sealed class AdaptiveSampler : ChannelSampler
{
    private const int MinSeeds = 4;
    private const int MaxSeeds = 32;
    private const int MinRound = 8;
    private const int MaxRound = 64;
    private const double RoundGrowth = 0.3;

    private readonly Sweep _sweep;
    private readonly int[] _channels;
    private readonly float? _tolerance;
    private readonly TimeSpan? _deadline;
    private readonly SummedMaps _maps;
    private readonly ErrorEstimate _estimate;
    private readonly Acquisition _acquisition;
    private readonly float[] _magnitudes;
    private readonly bool[] _measured;
    private readonly Calibration[] _calibrations;
    private MaskFeatures _features;
    private MaskKernel _kernel;
    private GaussianProcess _process;
    private bool _seeded;
    private bool _focused;
    private int[] _round = [];
    private TargetPrediction[] _predictions = [];

    public AdaptiveSampler(Sweep sweep, AdaptiveSampling limits)
    {
        (_sweep, _channels, _tolerance) = (sweep, sweep.Masks.Live, limits.Tolerance);
        MaxScored = Math.Min((limits.MaxPasses ?? int.MaxValue) / sweep.Rules.PassesPerScore, sweep.AllScored);
        _deadline = TimeShares.End(limits.TimeBudget, sweep.Elapsed.Elapsed, sweep.SweepsLeft);

        _features = new MaskFeatures(sweep.Masks.Activations, _channels, sweep.Rules.Mask);
        _kernel = new MaskKernel(_features);
        _process = new GaussianProcess(_kernel, MaxScored + 1);
        _maps = new SummedMaps(sweep.Masks.Activations, sweep.Rules.Sum, sweep.Signed);
        _estimate = new ErrorEstimate(_maps, _channels);
        _acquisition = new Acquisition(_maps, _channels);
        _magnitudes = [.. _channels.Select(k => _maps.Magnitudes[k])];
        _measured = new bool[_channels.Length];
        _calibrations = [.. sweep.WholePicture.Select(_ => new Calibration())];
    }

    public override bool NeedsBaseline => _sweep.NeedsBaseline;

    public override int MaxScored { get; }

    public override bool IsTimeOver => _sweep.Elapsed.Elapsed >= _deadline;

    private int MeasuredCount => _measured.Count(measured => measured);

    public override int[] NextRound()
    {
        if (!_seeded)
        {
            _seeded = true;
            _round = [.. Seeds()];
            if (_round.Length > 0)
                return Channels(_round);
        }

        Learn();
        int left = MaxScored - _sweep.Scores.Count;
        if (left <= 0 || IsTimeOver)
            return [];
        float[][] weights = Weights();
        if (_tolerance is { } tolerance && Errors(weights).Max() <= tolerance)
            return [];
        int count = Math.Min(left, Math.Clamp((int)(RoundGrowth * MeasuredCount), MinRound, MaxRound));
        Candidates candidates = Candidates(Acquisition.MaxCandidates);
        _round = [.. _acquisition.Choose(count, candidates, _predictions, weights, _process.Variances)];
        return Channels(_round);
    }

    public override ChannelScores Complete()
    {
        int[] unmeasured = [.. Unmeasured()];
        float[][] scores = _sweep.ScoresOf(_channels);
        for (int t = 0; t < _predictions.Length; t++)
            foreach (int row in unmeasured)
                scores[t][_channels[row]] = _predictions[t].Score(row, _process.Variances[row]);
        float?[] errors = [.. Errors(Weights()).Select(error => (float?)error)];
        return new(scores, _sweep.Scores.Baseline, Channels(unmeasured), errors);
    }

    /// <summary>
    /// Returns channels that vary strongly over the picture and differ from the channels chosen before.
    /// </summary>
    private List<int> Seeds()
    {
        float[] deviations = [.. _channels.Select(k => _sweep.Masks.Activations.Deviation(k))];
        int most = MaxScored - (_sweep.NeedsBaseline ? 1 : 0);
        int count = Math.Min(most, Math.Clamp(MaxScored / 4, MinSeeds, MaxSeeds));
        var expected = new GaussianProcess(_kernel, count + 1);
        expected.Add(KnownPicture());
        var seeds = new List<int>(count);
        while (seeds.Count < Math.Min(count, _measured.Length))
        {
            int best = -1;
            float largest = -1;
            for (int row = 0; row < deviations.Length; row++)
            {
                float value = deviations[row] * MathF.Sqrt(expected.Variances[row]);
                if (value > largest && !seeds.Contains(row))
                    (best, largest) = (row, value);
            }
            seeds.Add(best);
            expected.Add(best);
        }
        return seeds;
    }

    /// <summary>
    /// Returns the row of the unmasked picture if its score is known. In two-sided scoring, the unmasked picture is the
    /// inverse of the baseline, so it is known if the baseline is. With averaged masks, the variants of the unmasked
    /// picture are not scored.
    /// </summary>
    private int[] KnownPicture()
    {
        bool isKnown = _sweep.Rules.Averaging.Count == 1 && (_sweep.NeedsBaseline || !_sweep.Rules.TwoSided);
        return isKnown ? [_features.Whole] : [];
    }

    /// <summary>
    /// Adds the scores that the last round measured. If the time ran out during the round, some scores are missing.
    /// </summary>
    private void Learn()
    {
        int[] scored =
        [
            .. _round.Where(row => _sweep.Scores.Has(_channels[row]))
                .DistinctBy(row => _sweep.Scores.FirstLike(_channels[row])),
        ];
        foreach (int row in scored)
        {
            for (int t = 0; t < _predictions.Length; t++)
            {
                TargetPrediction prediction = _predictions[t];
                float latent = prediction.Link.Latent(ScoreOf(t, row));
                _calibrations[t].Add(latent, prediction.Means[row], prediction.Variance * _process.Variances[row]);
            }
        }
        if (_process.Points.IsEmpty)
            _process.Add(KnownPicture());
        _process.Add(scored);
        _round = [];
        for (int row = 0; row < _measured.Length; row++)
            _measured[row] = _sweep.Scores.Has(_channels[row]);
        Predict();
        if (!_focused)
            Focus();
    }

    /// <summary>
    /// Restarts the process with features that give more weight to bright positions of the map. The seeds' scores show
    /// where the map is bright, and masks must be distinguished best there.
    /// </summary>
    private void Focus()
    {
        _focused = true;
        int[] points = _process.Points.ToArray();
        var map = new float[_sweep.Masks.Activations.Height * _sweep.Masks.Activations.Width];
        foreach (float[] weights in Weights())
        {
            float[] one = _maps.Normalize(_maps.Sum(weights));
            TensorPrimitives.Abs(one, one);
            TensorPrimitives.Add(map, one, map);
        }
        _features = _features.Focused(map);
        _kernel = new MaskKernel(_features);
        _process = new GaussianProcess(_kernel, MaxScored + 1);
        _process.Add(points);
        Predict();
    }

    private void Predict() => _predictions = [.. _sweep.WholePicture.Select((_, t) => Predict(t))];

    private TargetPrediction Predict(int target)
    {
        MaskedScores scores = _sweep.Scores;
        ScoreLink link = ScoreLink.For(_sweep.Rules, scores.Measured(target), scores.Baseline[target]);
        float[] values = [.. _process.Points.ToArray().Select(row => link.Latent(ScoreOf(target, row)))];
        Posterior posterior = _process.Predict(values);
        return new()
        {
            Link = link,
            Means = posterior.Means,
            Variance = posterior.Variance,
            Calibration = _calibrations[target].Value,
        };
    }

    private float ScoreOf(int target, int row)
    {
        if (row != _features.Whole)
            return _sweep.Scores[target, _channels[row]];
        return _sweep.Rules.TwoSided ? -_sweep.Scores.Baseline[target] : _sweep.WholePicture[target];
    }

    private Candidates Candidates(int most) => new(most, _predictions, _magnitudes, _process, Unmeasured());

    private float[] Errors(float[][] weights)
    {
        // A single score does not show how much scores differ.
        if (_process.Points.Length < 2 && Unmeasured().Any())
            return [.. weights.Select(_ => _maps.LargestError)];
        Candidates candidates = Candidates(ErrorEstimate.MaxCandidates);
        return [.. _predictions.Select((prediction, t) => _estimate.Of(prediction, weights[t], candidates))];
    }

    private float[][] Weights() => [.. _predictions.Select((_, t) => Weights(t))];

    /// <summary>Returns the weight of every channel of the layer, up to a common factor.</summary>
    private float[] Weights(int target)
    {
        ScoreLink link = _predictions[target].Link;
        var weights = new float[_sweep.Masks.Activations.Channels];
        if (!_sweep.Rules.SkipsDeadChannels && _sweep.NeedsBaseline)
            weights.AsSpan().Fill(link.Weight(link.Latent(_sweep.Scores.Baseline[target])));
        for (int row = 0; row < _measured.Length; row++)
        {
            float score = _measured[row]
                ? ScoreOf(target, row)
                : _predictions[target].Score(row, _process.Variances[row]);
            weights[_channels[row]] = link.Weight(link.Latent(score));
        }
        return weights;
    }

    private IEnumerable<int> Unmeasured() => Enumerable.Range(0, _measured.Length).Where(row => !_measured[row]);

    private int[] Channels(int[] rows) => [.. rows.Select(row => _channels[row])];
}
