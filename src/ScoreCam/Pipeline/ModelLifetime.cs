namespace ScoreCam.Pipeline;

/// <summary>Counts the calls that use a model, so that disposing can wait for them, and knows the threads that are inside one.</summary>
internal sealed class ModelLifetime(string modelName)
{
    [ThreadStatic]
    private static List<ModelLifetime>? _inside;

    private readonly object _gate = new();
    private int _calls;
    private bool _closed;

    /// <summary>A call begins; dispose the result when it ends, on the same thread.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Scope Enter()
    {
        lock (_gate)
        {
            // A callback of a running call may go on using the model while another thread waits to dispose it.
            ObjectDisposedException.ThrowIf(_closed && _inside?.Contains(this) != true, typeof(ImageModel));
            _calls++;
        }
        (_inside ??= []).Add(this);
        return new Scope(this);
    }

    /// <summary>Refuses new calls and waits for the running ones. Returns false when it was closed before.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a running call, which would wait for itself.</exception>
    public bool Close()
    {
        if (_inside?.Contains(this) == true)
            throw new InvalidOperationException($"The model '{modelName}' cannot be disposed from inside a callback of a running call; dispose it after the call has returned.");
        lock (_gate)
        {
            bool first = !_closed;
            _closed = true;
            while (_calls > 0)
                Monitor.Wait(_gate);
            return first;
        }
    }

    private void Leave()
    {
        _inside!.RemoveAt(_inside.LastIndexOf(this));
        lock (_gate)
        {
            if (--_calls == 0)
                Monitor.PulseAll(_gate);
        }
    }

    public readonly struct Scope(ModelLifetime lifetime) : IDisposable
    {
        public void Dispose() => lifetime.Leave();
    }
}
