using Microsoft.ML.OnnxRuntime;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// What the runs of one explanation share: how to stop them, and whom to tell. Dispose it when the explanation ends.
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
        // The flag is sticky, so every explanation has options of its own; it stops a run in the middle.
        _registration = cancellationToken.UnsafeRegister(
            static options => ((RunOptions)options!).Terminate = true, Options);
    }

    public RunOptions Options { get; } = new();

    public CancellationToken CancellationToken { get; }

    /// <summary>Pictures scored so far.</summary>
    public int Passes => Volatile.Read(ref _passes);

    /// <summary>Gradients computed so far.</summary>
    public int GradientPasses => Volatile.Read(ref _gradientPasses);

    /// <summary>More pictures are to be scored, or more gradients to be computed.</summary>
    public void Expect(int passes) => Interlocked.Add(ref _total, passes);

    /// <summary>More pictures were scored.</summary>
    public void Report(int passes)
    {
        Interlocked.Add(ref _passes, passes);
        Report();
    }

    /// <summary>More gradients were computed.</summary>
    public void ReportGradients(int gradients)
    {
        Interlocked.Add(ref _gradientPasses, gradients);
        Report();
    }

    public void Dispose()
    {
        // Waits for a callback that runs at this moment, so that it never meets disposed options.
        _registration.Dispose();
        Options.Dispose();
    }

    private void Report() => _progress?.Report(new ExplainProgress(Passes + GradientPasses, Volatile.Read(ref _total)));
}
