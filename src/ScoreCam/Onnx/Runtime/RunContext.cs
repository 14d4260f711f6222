using Microsoft.ML.OnnxRuntime;

namespace ScoreCam.Onnx.Runtime;

/// <summary>What the runs of one explanation share: how to stop them, and whom to tell. Dispose it when the explanation ends.</summary>
internal sealed class RunContext : IDisposable
{
    private readonly IProgress<ExplainProgress>? _progress;
    private readonly CancellationTokenRegistration _registration;
    private int _done;
    private int _total;
    private int _gradients;

    public RunContext(IProgress<ExplainProgress>? progress, CancellationToken cancellationToken)
    {
        (_progress, CancellationToken) = (progress, cancellationToken);
        // The flag is sticky, so every explanation has options of its own; it stops a run in the middle.
        _registration = cancellationToken.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, Options);
    }

    public RunOptions Options { get; } = new();

    public CancellationToken CancellationToken { get; }

    /// <summary>More masked pictures are to be scored.</summary>
    public void Expect(int passes) => Interlocked.Add(ref _total, passes);

    /// <summary>Masked pictures scored so far.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Gradients computed so far.</summary>
    public int GradientsDone => Volatile.Read(ref _gradients);

    /// <summary>Gradients at more pictures, or activations, are computed.</summary>
    public void CountGradients(int count) => Interlocked.Add(ref _gradients, count);

    public void Report(int passes)
    {
        int done = Interlocked.Add(ref _done, passes);
        _progress?.Report(new ExplainProgress(done, Volatile.Read(ref _total)));
    }

    public void Dispose()
    {
        // Waits for a callback that runs at this moment, so that it never meets disposed options.
        _registration.Dispose();
        Options.Dispose();
    }
}
