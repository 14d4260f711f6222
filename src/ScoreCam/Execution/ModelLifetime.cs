namespace ScoreCam.Execution;

/// <summary>
/// Counts the calls that use a model, so that disposing can wait for them. It detects whether code runs inside such a
/// call.
/// </summary>
internal sealed class ModelLifetime(string modelName)
{
    // Callbacks run on workers and can start tasks. Workers use the caller's context, which flows into tasks.
    private static readonly AsyncLocal<Scope?> Innermost = new();

    private readonly object _gate = new();
    private int _calls;
    private bool _closed;

    /// <summary>Starts a call. Dispose the result in the same method when the call ends.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Scope Enter()
    {
        lock (_gate)
        {
            // A callback of a running call can still use the model while another thread waits to dispose it.
            if (_closed && !IsInside())
                throw new ObjectDisposedException("ImageModel", $"The model '{modelName}' is disposed.");
            _calls++;
        }
        return Innermost.Value = new Scope(this, Innermost.Value);
    }

    /// <summary>Rejects new calls and waits for running calls. Returns false if it was already closed.</summary>
    /// <exception cref="InvalidOperationException">
    /// The method was called from inside a running call, so it would wait for itself.
    /// </exception>
    public bool Close()
    {
        lock (_gate)
        {
            if (IsInside())
                throw new InvalidOperationException(
                    $"The model '{modelName}' cannot be disposed from inside a callback of a running call; dispose it "
                    + "after the call has returned.");
            bool first = !_closed;
            _closed = true;
            while (_calls > 0)
                Monitor.Wait(_gate);
            return first;
        }
    }

    private bool IsInside()
    {
        for (Scope? scope = Innermost.Value; scope is not null; scope = scope.Outer)
            if (scope.Lifetime == this && !scope.HasEnded)
                return true;
        return false;
    }

    /// <summary>One running call.</summary>
    internal sealed class Scope(ModelLifetime lifetime, Scope? outer) : IDisposable
    {
        public ModelLifetime Lifetime => lifetime;

        public Scope? Outer => outer;

        /// <summary>
        /// Whether the call has ended. A task that a callback started can outlive the call. Guarded by the lifetime's
        /// gate.
        /// </summary>
        public bool HasEnded { get; private set; }

        public void Dispose()
        {
            Innermost.Value = outer;
            lock (lifetime._gate)
            {
                HasEnded = true;
                if (--lifetime._calls == 0)
                    Monitor.PulseAll(lifetime._gate);
            }
        }
    }
}
