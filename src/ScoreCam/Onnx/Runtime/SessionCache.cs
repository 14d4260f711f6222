namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// Sessions beside the main one, by what they compute. The most recently used ones stay open. A session that is evicted
/// while a run uses it closes when that run ends. Thread-safe.
/// </summary>
/// <typeparam name="TKey">Says what a session computes.</typeparam> <typeparam name="TSession">A session, or something
/// that owns one.</typeparam>
/// <param name="capacity">The most sessions that stay open.</param>
/// <param name="open">Opens one.</param>
internal sealed class SessionCache<TKey, TSession>(int capacity, Func<TKey, TSession> open) : IDisposable
    where TKey : IEquatable<TKey>
    where TSession : IDisposable
{
    private readonly LinkedList<Entry> _entries = new();

    /// <summary>
    /// A session, opened if it is not there. Dispose the lease after the run. Callers with other keys do not wait.
    /// </summary>
    public Lease Rent(TKey key)
    {
        Entry entry = Take(key);
        try
        {
            // Outside the lock: a large network takes its time.
            return new Lease(this, entry, (TSession)entry.Session.Value);
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

    private Entry Take(TKey key)
    {
        lock (_entries)
        {
            Entry? entry = _entries.FirstOrDefault(e => e.Key.Equals(key));
            if (entry is null)
                entry = new Entry(key, new(() => open(key)));
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

    internal sealed class Entry(TKey key, Lazy<IDisposable> session)
    {
        public TKey Key => key;
        public Lazy<IDisposable> Session => session;
        public int Users;
        public bool Evicted;
    }

    internal sealed class Lease(SessionCache<TKey, TSession> cache, Entry entry, TSession session) : IDisposable
    {
        public TSession Session => session;

        public void Dispose() => cache.Return(entry);
    }
}
