using Microsoft.ML.OnnxRuntime;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// The shared state of the runs of one explanation: cancellation and progress. Dispose it when the explanation ends.
/// </summary>
internal sealed class RunContext : IDisposable
{
    private readonly IProgress<ExplainProgress>? _progress;
    private readonly CancellationTokenRegistration _registration;
    private int _passes;
    private int _total;
    private int _gradientPasses;

    public RunContext(IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
    {
        (_progress, CancellationToken) = (progress, cancellationToken);
        // The flag cannot be reset, so every explanation has its own options. The flag stops a run that is in progress.
        _registration = cancellationToken.UnsafeRegister(
            static options => ((RunOptions)options!).Terminate = true, Options);
    }

    public RunOptions Options { get; } = new();

    public CancellationToken CancellationToken { get; }

    /// <summary>The number of pictures scored so far.</summary>
    public int Passes => Volatile.Read(ref _passes);

    /// <summary>The number of gradients computed so far.</summary>
    public int GradientPasses => Volatile.Read(ref _gradientPasses);

    /// <summary>Announces more pictures to score, or more gradients to compute.</summary>
    public void Expect(int passes) => Interlocked.Add(ref _total, passes);

    /// <summary>Reports that more pictures were scored.</summary>
    public void Report(int passes)
    {
        Interlocked.Add(ref _passes, passes);
        Report();
    }

    /// <summary>Reports that more gradients were computed.</summary>
    public void ReportGradients(int gradients)
    {
        Interlocked.Add(ref _gradientPasses, gradients);
        Report();
    }

    public void Dispose()
    {
        // Waits for a running callback, so that the callback never uses disposed options.
        _registration.Dispose();
        Options.Dispose();
    }

    private void Report() => _progress?.Report(new ExplainProgress(Passes + GradientPasses, Volatile.Read(ref _total)));
}
