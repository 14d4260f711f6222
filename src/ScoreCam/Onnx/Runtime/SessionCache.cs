namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// A cache of additional sessions, by what they compute. The most recently used sessions stay open. A session that is
/// evicted while a run uses it is closed when this run ends. Thread-safe.
/// </summary>
/// <typeparam name="TKey">Describes what a session computes.</typeparam>
/// <typeparam name="TSession">A session, or an object that owns one.</typeparam>
/// <param name="capacity">The largest number of sessions that stay open.</param>
/// <param name="open">Opens a session.</param>
internal sealed class SessionCache<TKey, TSession>(int capacity, Func<TKey, TSession> open) : IDisposable
    where TKey : IEquatable<TKey>
    where TSession : IDisposable
{
    private readonly LinkedList<Entry> _entries = new();

    /// <summary>
    /// Rents a session, which is opened if it is not cached. Dispose the lease after the run. Callers with other keys
    /// do not wait.
    /// </summary>
    public Lease Rent(TKey key)
    {
        Entry entry = Take(key);
        try
        {
            // Outside the lock, because a large network takes a long time to open.
            return new Lease(this, entry, (TSession)entry.Session.Value);
        }
        catch
        {
            // Opening failed, or the wait was interrupted. The next caller tries again.
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
