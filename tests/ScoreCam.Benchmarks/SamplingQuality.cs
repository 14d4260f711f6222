using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Methods.ScoreCam.Sampling;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>
/// Compares adaptive sampling with the reference method and with the channels of largest variance, photograph by
/// photograph, on shared/photos/boxed.
/// </summary>
internal static class SamplingQuality
{
    private static readonly int[] Budgets = [32, 64, 128, 256];

    private static readonly (string Name, string File, Preprocessing Preprocessing)[] Networks =
    [
        ("mobilenet", "mobilenet_v2_1.0_224_tf_fp32_nchw_logits.onnx", Preprocessing.Inception),
        ("squeezenet", "squeezenet1.1_fp32_softmax.onnx", Preprocessing.Caffe),
    ];

    /// <param name="parity">even: the photographs of the report; odd: the photographs of the tuning.</param>
    /// <param name="folder">The folder that keeps all scores between runs; default: a temporary folder.</param>
    public static int Run(string parity, string? folder)
    {
        string photographs = Path.Combine(SharedFolder.Root, "photos", "boxed");
        if (!Directory.Exists(photographs))
        {
            Console.WriteLine("not measured: shared/photos/boxed is not there");
            return 1;
        }
        folder = Directory.CreateDirectory(folder ?? Path.Combine(Path.GetTempPath(), "scorecam-sampling")).FullName;
        string[] files = [.. Directory.GetFiles(photographs, "*.jpg").Order()
            .Where(file => int.Parse(Path.GetFileNameWithoutExtension(file)) % 2 == (parity == "even" ? 0 : 1))];
        foreach ((string name, string file, Preprocessing preprocessing) in Networks)
        {
            string path = Path.Combine(SharedFolder.Root, "models", file);
            Lazy<ImageModel> model = new(() => ImageModel.Load(path, new() { Preprocessing = preprocessing }));
            SamplingCase[] cases =
                [.. files.Select(photograph => SamplingCase.Load(folder, name, photograph, () => model.Value))];
            Console.WriteLine($"\n{name}: {cases.Length} {parity} photographs");
            Console.WriteLine(
                "| passes | reference, best reading: r mean (min) | adaptive: r mean (min) | as good or better "
                + "| top variance: r mean (min) | r of 3 targets at once | error median | estimate median | covered |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
            Quality[] all = [.. Budgets.Select(budget => Row(cases, budget))];
            Pooled(all);
            Tolerances(cases);
        }
        return 0;
    }

    private static Quality Row(SamplingCase[] cases, int budget)
    {
        var quality = new Quality();
        List<double> scaled = [], unscaled = [], variance = [], joint = [];
        foreach (SamplingCase one in cases)
        {
            double Correlation(Func<Sweep, ChannelSampler> begin) =>
                one.Compare(0, one.Simulate(begin).Scores[0]).Correlation;
            scaled.Add(Correlation(sweep => new ReferenceSampler(sweep, budget, 0, scaled: true)));
            unscaled.Add(Correlation(sweep => new ReferenceSampler(sweep, budget, 0, scaled: false)));
            variance.Add(Correlation(ChannelSampling.TopVariance(budget).Begin));
            (float[][] adaptive, float?[] estimates, _) = one.Only(0).Simulate(ChannelSampling.Adaptive(budget).Begin);
            quality.Add(one.Compare(0, adaptive[0]), estimates[0]!.Value);
            float[][] scores = one.Simulate(ChannelSampling.Adaptive(budget).Begin).Scores;
            joint.AddRange(scores.Select((s, t) => one.Compare(t, s).Correlation));
        }
        List<double> reference = scaled.Average() > unscaled.Average() ? scaled : unscaled;
        int notWorse = reference.Zip(quality.Correlations).Count(pair => pair.Second >= pair.First - 1e-6);
        double covered = quality.Covered.Average(isCovered => isCovered ? 1.0 : 0);
        Console.WriteLine(
            $"| {budget} | {Of(reference)} | {Of(quality.Correlations)} | {notWorse} of {cases.Length} "
            + $"| {Of(variance)} | {Of(joint)} "
            + FormattableString.Invariant($"| {Median(quality.Errors):0.0000} ")
            + FormattableString.Invariant($"| {Median(quality.Estimates):0.0000} | {covered:0.00} |"));
        return quality;
    }

    /// <summary>
    /// Writes the errors of all budgets together. Estimates multiplied by the factor would cover nine of ten errors.
    /// </summary>
    private static void Pooled(Quality[] all)
    {
        double[] errors = [.. all.SelectMany(q => q.Errors)], estimates = [.. all.SelectMany(q => q.Estimates)];
        double[] ratios = [.. errors.Zip(estimates, (error, estimate) => error / Math.Max(estimate, 1e-9)).Order()];
        double covered = ratios.Count(ratio => ratio <= 1) / (double)ratios.Length;
        double factor = ratios[(int)(0.9 * ratios.Length)];
        Console.WriteLine(
            FormattableString.Invariant($"all budgets: error median {Median(errors):0.0000}, ")
            + FormattableString.Invariant($"estimate median {Median(estimates):0.0000}, ")
            + FormattableString.Invariant($"covered {covered:0.000}, factor {factor:0.00}"));
    }

    private static void Tolerances(SamplingCase[] cases)
    {
        foreach (float tolerance in new[] { 0.1f, 0.05f, 0.02f })
        {
            var (errors, passes) = (new List<double>(), new List<double>());
            foreach (SamplingCase one in cases.Select(c => c.Only(0)))
            {
                (float[][] scores, _, int used) = one.Simulate(ChannelSampling.Adaptive(tolerance: tolerance).Begin);
                errors.Add(one.Compare(0, scores[0]).Error);
                passes.Add(used);
            }
            int kept = errors.Count(error => error <= tolerance);
            Console.WriteLine(
                FormattableString.Invariant($"tolerance {tolerance}: passes median {Median(passes):0} ")
                + FormattableString.Invariant($"({passes.Min():0}–{passes.Max():0}), ")
                + FormattableString.Invariant($"error median {Median(errors):0.0000}, kept {kept} of {cases.Length}"));
        }
    }

    private static string Of(IReadOnlyCollection<double> correlations) =>
        FormattableString.Invariant($"{correlations.Average():0.00000} ({correlations.Min():0.0000})");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed class Quality
    {
        public List<double> Correlations { get; } = [];

        public List<double> Errors { get; } = [];

        public List<double> Estimates { get; } = [];

        public IEnumerable<bool> Covered => Errors.Zip(Estimates, (error, estimate) => error <= estimate);

        public void Add((double Correlation, double Error) compared, float estimate)
        {
            Correlations.Add(compared.Correlation);
            Errors.Add(compared.Error);
            Estimates.Add(estimate);
        }
    }
}
