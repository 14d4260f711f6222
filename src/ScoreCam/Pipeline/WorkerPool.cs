using System.Runtime.ExceptionServices;

namespace ScoreCam.Pipeline;

/// <summary>
/// The workers of the process: at most one thread per core, whatever number of models and callers there is. Jobs take
/// turns item by item, so that a long sweep does not starve a short one. Threads start on demand and end when idle.
/// </summary>
internal sealed class WorkerPool(int size, TimeSpan idleTime)
{
    [ThreadStatic]
    private static bool _isWorker;

    private readonly object _gate = new();
    private readonly LinkedList<Job> _jobs = new();
    private int _threads;
    private int _waiting;

    /// <summary>The pool that every model uses.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount, TimeSpan.FromSeconds(2));

    /// <summary>Runs <paramref name="body"/> for 0 … items − 1 and returns when all are done. The first exception stops the rest and is thrown here.</summary>
    public void Run(int items, int maxWorkers, Action<int> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isWorker)
        {
            // A callback that explains again is on a worker already; waiting for another one could wait for ever.
            for (int item = 0; item < items; item++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                body(item);
            }
            return;
        }

        var job = new Job(items, maxWorkers, body);
        if (items == 0)
            return;
        lock (_gate)
        {
            _jobs.AddLast(job);
            for (int wanted = Math.Min(items, maxWorkers) - _waiting; wanted > 0 && _threads < size; wanted--)
                StartThread();
            Monitor.PulseAll(_gate);
        }

        using (cancellationToken.UnsafeRegister(_ => Stop(job, new OperationCanceledException(cancellationToken)), null))
            job.Done.Wait(CancellationToken.None);
        if (job.Failure is not null)
        {
            // Whatever a terminated run threw: the caller asked for it to stop.
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(job.Failure);
        }
    }

    private void StartThread()
    {
        _threads++;
        new Thread(Work) { IsBackground = true, Name = "ScoreCam worker" }.UnsafeStart();
    }

    private void Work()
    {
        _isWorker = true;
        lock (_gate)
        {
            while (true)
            {
                Job? job = TakeTurn(out int item);
                if (job is null)
                {
                    _waiting++;
                    bool woken = Monitor.Wait(_gate, idleTime);
                    _waiting--;
                    if (woken || _jobs.Count > 0)
                        continue;
                    _threads--;
                    return;
                }

                Monitor.Exit(_gate);
                Exception? failure = null;
                try
                {
                    job.Body(item);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
                Monitor.Enter(_gate);

                job.Active--;
                if (failure is not null)
                    Stop(job, failure);
                else
                    SetIfDone(job);
                if (job.HasItems)
                    Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>The next item of the first job that may have another worker; the job then goes to the end of the queue.</summary>
    private Job? TakeTurn(out int item)
    {
        for (LinkedListNode<Job>? node = _jobs.First; node is not null; node = node.Next)
        {
            Job job = node.Value;
            if (job.Active >= job.MaxWorkers)
                continue;
            item = job.Next++;
            job.Active++;
            _jobs.Remove(node);
            if (job.HasItems)
                _jobs.AddLast(node);
            return job;
        }
        item = -1;
        return null;
    }

    private void Stop(Job job, Exception failure)
    {
        lock (_gate)
        {
            job.Failure ??= failure;
            job.Next = job.Items;
            _jobs.Remove(job);
            SetIfDone(job);
        }
    }

    private static void SetIfDone(Job job)
    {
        if (!job.HasItems && job.Active == 0)
            job.Done.Set();
    }

    private sealed class Job(int items, int maxWorkers, Action<int> body)
    {
        public int Items => items;
        public int MaxWorkers => maxWorkers;
        public Action<int> Body => body;
        public ManualResetEventSlim Done { get; } = new(false, spinCount: 0);
        public int Next;
        public int Active;
        public Exception? Failure;
        public bool HasItems => Next < items;
    }
}
