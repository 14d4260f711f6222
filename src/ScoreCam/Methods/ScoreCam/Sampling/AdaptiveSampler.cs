using System.Numerics.Tensors;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>
/// Seeds that differ most, then, with what they say of the map, round after round the channels whose unknown weights would move the map most. Rows are those of <see cref="MaskFeatures"/>:
/// the channels that have a mask, in order. Nothing here depends on the number of workers or the size of batches.
/// </summary>
internal sealed class AdaptiveSampler : ChannelSampler
{
    private const int MinSeeds = 4;
    private const int MaxSeeds = 32;
    private const int MinRound = 8;
    private const int MaxRound = 64;
    private const double RoundGrowth = 0.3;

    private readonly Sweep _sweep;
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
        (_sweep, _tolerance) = (sweep, limits.Tolerance);
        MaxScored = Math.Min((limits.MaxPasses ?? int.MaxValue) / sweep.Rules.PassesPerScore, sweep.AllScored);
        TimeSpan now = sweep.Elapsed.Elapsed;
        if (limits.TimeBudget is { } time)
            _deadline = now + TimeSpan.FromTicks((time - now).Ticks / sweep.SweepsLeft);

        _features = new MaskFeatures(sweep.Maps, sweep.Channels, sweep.Rules.Mask);
        _kernel = new MaskKernel(_features);
        _process = new GaussianProcess(_kernel, MaxScored + 1);
        _maps = new SummedMaps(sweep.Maps, sweep.Rules.Sum, sweep.Signed);
        _estimate = new ErrorEstimate(_maps, sweep.Channels);
        _acquisition = new Acquisition(_maps, sweep.Channels);
        _magnitudes = [.. sweep.Channels.Select(k => _maps.Magnitudes[k])];
        _measured = new bool[sweep.Channels.Length];
        _calibrations = [.. sweep.WholePicture.Select(_ => new Calibration())];
    }

    public override int MaxScored { get; }

    public override bool IsTimeOver => _sweep.Elapsed.Elapsed >= _deadline;

    private int MeasuredCount => _measured.Count(measured => measured);

    public override int[] NextRound()
    {
        if (!_seeded)
        {
            _seeded = true;
            _round = [.. Seeds()];
            return _sweep.NeedsFill ? [Sweep.Fill, .. Channels(_round)] : Channels(_round);
        }

        Learn();
        int left = MaxScored - _sweep.Table.Passes;
        if (left <= 0 || IsTimeOver)
            return [];
        float[][] weights = Weights();
        if (_tolerance is { } tolerance && Errors(weights).Max() <= tolerance)
            return [];
        int count = Math.Min(left, Math.Clamp((int)(RoundGrowth * MeasuredCount), MinRound, MaxRound));
        _round = [.. _acquisition.Choose(count, Candidates(Acquisition.MaxCandidates), _predictions, weights, _process.Variances)];
        return Channels(_round);
    }

    public override void Complete()
    {
        int[] unmeasured = [.. Unmeasured()];
        float[] errors = Errors(Weights());
        for (int t = 0; t < _predictions.Length; t++)
        {
            foreach (int row in unmeasured)
                _sweep.Table[t][_sweep.Channels[row]] = _predictions[t].Score(row, _process.Variances[row]);
            _sweep.Table.EstimatedErrors[t] = errors[t];
        }
        _sweep.Table.PredictedChannels = Channels(unmeasured);
    }

    /// <summary>Channels that vary most over the picture, and are least like those chosen before.</summary>
    private List<int> Seeds()
    {
        float[] deviations = [.. _sweep.Channels.Select(k => _sweep.Maps.Deviation(k))];
        int count = Math.Min(MaxScored - (_sweep.NeedsFill ? 1 : 0), Math.Clamp(MaxScored / 4, MinSeeds, MaxSeeds));
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

    /// <summary>One more picture whose score is known. Two-sided, it is the other side of the fully masked one.</summary>
    private int[] KnownPicture() => _sweep.NeedsFill || !_sweep.Rules.TwoSided ? [_features.Whole] : [];

    /// <summary>The scores of the last round are in the table; where the time was over within the round, not all of them.</summary>
    private void Learn()
    {
        // Channels of a mask that was scored are known too.
        _sweep.ShareScores(_sweep.Channels);
        int[] scored = [.. _round.Where(row => !float.IsNaN(_sweep.Table[0][_sweep.Channels[row]])).DistinctBy(row => _sweep.FirstLike(_sweep.Channels[row]))];
        foreach (int row in scored)
        {
            for (int t = 0; t < _predictions.Length; t++)
                _calibrations[t].Add(Latent(t, row), _predictions[t].Means[row], _predictions[t].Variance * _process.Variances[row]);
        }
        if (_process.Points.IsEmpty)
            _process.Add(KnownPicture());
        _process.Add(scored);
        _round = [];
        for (int row = 0; row < _measured.Length; row++)
            _measured[row] = !float.IsNaN(_sweep.Table[0][_sweep.Channels[row]]);
        Predict();
        if (!_focused)
            Focus();
    }

    /// <summary>Where the seeds' scores say the map is, masks have to be told apart best: the process begins again, with features that know it.</summary>
    private void Focus()
    {
        _focused = true;
        int[] points = _process.Points.ToArray();
        var map = new float[_sweep.Maps.Height * _sweep.Maps.Width];
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
        ScoreLink link = Link(target);
        float[] values = [.. _process.Points.ToArray().Select(row => link.Latent(ScoreOf(target, row)))];
        Posterior posterior = _process.Predict(values);
        return new() { Link = link, Means = posterior.Means, Variance = posterior.Variance, Calibration = _calibrations[target].Value };
    }

    private ScoreLink Link(int target) => ScoreLink.For(_sweep.Rules, _sweep.Table[target], _sweep.Table.Baseline[target]);

    private float ScoreOf(int target, int row) =>
        row == _features.Whole ? (_sweep.Rules.TwoSided ? -_sweep.Table.Baseline[target] : _sweep.WholePicture[target])
        : _sweep.Table[target][_sweep.Channels[row]];

    private float Latent(int target, int row) => _predictions[target].Link.Latent(ScoreOf(target, row));

    private Candidates Candidates(int most) => new(most, _predictions, _magnitudes, _process, Unmeasured());

    private float[] Errors(float[][] weights)
    {
        // One score says nothing of how much scores differ.
        if (_process.Points.Length < 2 && Unmeasured().Any())
            return [.. weights.Select(_ => _maps.LargestError)];
        Candidates candidates = Candidates(ErrorEstimate.MaxCandidates);
        return [.. _predictions.Select((prediction, t) => _estimate.Of(prediction, weights[t], candidates))];
    }

    private float[][] Weights() => [.. _predictions.Select((_, t) => Weights(t))];

    /// <summary>Weight of every channel of the layer, up to a factor.</summary>
    private float[] Weights(int target)
    {
        ScoreLink link = _predictions[target].Link;
        var weights = new float[_sweep.Maps.Channels];
        if (!_sweep.Rules.SkipsDeadChannels && _sweep.NeedsFill)
            weights.AsSpan().Fill(link.Weight(link.Latent(_sweep.Table.Baseline[target])));
        for (int row = 0; row < _measured.Length; row++)
            weights[_sweep.Channels[row]] = link.Weight(link.Latent(_measured[row] ? ScoreOf(target, row) : _predictions[target].Score(row, _process.Variances[row])));
        return weights;
    }

    private IEnumerable<int> Unmeasured() => Enumerable.Range(0, _measured.Length).Where(row => !_measured[row]);

    private int[] Channels(int[] rows) => [.. rows.Select(row => _sweep.Channels[row])];
}
