namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// Sessions of layers other than the default one, the most recently used ones kept open. A session that is evicted while a run uses it
/// closes when that run ends. Thread-safe.
/// </summary>
internal sealed class SessionCache(int capacity, Func<string, NetworkSession> open) : IDisposable
{
    private readonly LinkedList<Entry> _entries = new();

    /// <summary>The session of a layer, opened when it is not there; dispose the lease after the run. Who asks for another layer does not wait.</summary>
    public Lease Rent(string layer)
    {
        Entry entry = Take(layer);
        try
        {
            // Outside the lock: a large network takes its time.
            return new Lease(this, entry, entry.Session.Value);
        }
        catch
        {
            // It did not open, or the wait for it was interrupted: whoever asks next tries again.
            lock (_entries)
            {
                _entries.Remove(entry);
                entry.Evicted = true;
                Release(entry);
            }
            throw;
        }
    }

    public void Dispose()
    {
        lock (_entries)
        {
            foreach (Entry entry in _entries)
                Evict(entry);
            _entries.Clear();
        }
    }

    private Entry Take(string layer)
    {
        lock (_entries)
        {
            Entry? entry = _entries.FirstOrDefault(e => e.Layer == layer);
            if (entry is null)
                entry = new Entry(layer, new(() => open(layer)));
            else
                _entries.Remove(entry);
            _entries.AddFirst(entry);
            entry.Users++;
            if (_entries.Count > capacity)
            {
                Evict(_entries.Last!.Value);
                _entries.RemoveLast();
            }
            return entry;
        }
    }

    private void Return(Entry entry)
    {
        lock (_entries)
            Release(entry);
    }

    private static void Evict(Entry entry)
    {
        entry.Evicted = true;
        CloseIfUnused(entry);
    }

    private static void Release(Entry entry)
    {
        entry.Users--;
        CloseIfUnused(entry);
    }

    private static void CloseIfUnused(Entry entry)
    {
        if (entry is { Users: 0, Evicted: true, Session.IsValueCreated: true })
            entry.Session.Value.Dispose();
    }

    internal sealed class Entry(string layer, Lazy<NetworkSession> session)
    {
        public string Layer => layer;
        public Lazy<NetworkSession> Session => session;
        public int Users;
        public bool Evicted;
    }

    internal sealed class Lease(SessionCache cache, Entry entry, NetworkSession session) : IDisposable
    {
        public NetworkSession Session => session;

        public void Dispose() => cache.Return(entry);
    }
}
