namespace ScoreCam.Execution;

/// <summary>
/// Counts the calls that use a model, so that disposing can wait for them. It knows whether code runs inside such a
/// call.
/// </summary>
internal sealed class ModelLifetime(string modelName)
{
    // Callbacks run on workers, and may start tasks. Workers take over the caller's context, which flows into tasks.
    private static readonly AsyncLocal<Scope?> Innermost = new();

    private readonly object _gate = new();
    private int _calls;
    private bool _closed;

    /// <summary>A call begins; dispose the result when it ends, in the same method.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Scope Enter()
    {
        lock (_gate)
        {
            // A callback of a running call may go on using the model while another thread waits to dispose it.
            if (_closed && !IsInside())
                throw new ObjectDisposedException("ImageModel", $"The model '{modelName}' is disposed.");
            _calls++;
        }
        return Innermost.Value = new Scope(this, Innermost.Value);
    }

    /// <summary>Refuses new calls and waits for the running ones. Returns false when it was closed before.</summary>
    /// <exception cref="InvalidOperationException">
    /// Called from inside a running call, which would wait for itself.
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
        /// A task that was started in a callback may outlive the call. Guarded by the lifetime's gate.
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
