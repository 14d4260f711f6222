using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ScoreCam.Execution;

/// <summary>
/// The workers of the process: at most one thread per core, for any number of models and callers. Jobs are processed
/// round-robin, item by item, so that a long sweep does not starve a short one. Threads start on demand and end when
/// they are idle.
/// </summary>
internal sealed class WorkerPool(int size, TimeSpan idleTime)
{
    [ThreadStatic]
    private static bool _isWorker;

    // Flows into tasks that a callback starts, because the callback can wait for them.
    private static readonly AsyncLocal<Job?> Innermost = new();

    private readonly object _gate = new();
    private readonly LinkedList<Job> _jobs = new();
    private int _threads;
    private int _waiting;

    /// <summary>The pool that every model uses.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount, TimeSpan.FromSeconds(2));

    /// <summary>The largest number of threads.</summary>
    public int Size => size;

    /// <summary>The current number of threads.</summary>
    public int Threads
    {
        get
        {
            lock (_gate)
                return _threads;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> for 0 … items − 1 in the caller's execution context. Returns when all items are
    /// done. The first exception stops the remaining items and is rethrown here.
    /// </summary>
    public void Run(int items, int maxWorkers, Action<int> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (items == 0)
            return;
        if (_isWorker || Innermost.Value is { Done.IsSet: false })
        {
            RunHere(items, RunItem, cancellationToken);
            return;
        }

        var job = new Job(items, maxWorkers, RunItem);
        lock (_gate)
        {
            _jobs.AddLast(job);
            Wake();
        }

        using (cancellationToken.UnsafeRegister(_ => Cancel(), null))
            job.Done.Wait(CancellationToken.None);
        if (job.Failure is not null)
        {
            // If the caller cancelled the run, the exception of the terminated run does not matter.
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(job.Failure);
        }

        void Cancel() => Stop(job, new OperationCanceledException(cancellationToken));

        void RunItem(int item)
        {
            // The callback of the token can run after the next item has started.
            cancellationToken.ThrowIfCancellationRequested();
            body(item);
        }
    }

    /// <summary>
    /// Runs the items on the caller's thread. A callback that explains already occupies a worker, and so does a
    /// callback that waits for a task that explains. If it waited for another worker, it could wait forever.
    /// </summary>
    private static void RunHere(int items, Action<int> body, CancellationToken cancellationToken)
    {
        try
        {
            for (int item = 0; item < items; item++)
                body(item);
        }
        catch
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>
    /// Ensures that a thread takes the next item. The thread that takes the item calls this method again.
    /// </summary>
    private void Wake()
    {
        if (FirstReady() is null)
            return;
        if (_waiting > 0)
            Monitor.Pulse(_gate);
        else if (_threads < size)
            StartThread();
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
                if (TakeTurn(out int item) is not { } job)
                {
                    _waiting++;
                    bool woken = Monitor.Wait(_gate, idleTime);
                    _waiting--;
                    if (woken || _jobs.Count > 0)
                        continue;
                    _threads--;
                    return;
                }

                Wake();
                Monitor.Exit(_gate);
                Exception? failure = null;
                try
                {
                    job.Execute(item);
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
            }
        }
    }

    /// <summary>
    /// Takes the next item of the first job that can use another worker. The job then moves to the end of the queue.
    /// </summary>
    private Job? TakeTurn(out int item)
    {
        item = -1;
        if (FirstReady() is not { Value: Job job } node)
            return null;
        item = job.Next++;
        job.Active++;
        if (item == 0 && job.Queued is { } queued)
            Telemetry.Dequeued(queued);
        _jobs.Remove(node);
        if (job.HasItems)
            _jobs.AddLast(node);
        return job;
    }

    private LinkedListNode<Job>? FirstReady()
    {
        LinkedListNode<Job>? node = _jobs.First;
        while (node is not null && node.Value.Active >= node.Value.MaxWorkers)
            node = node.Next;
        return node;
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
        // Null if the caller has suppressed the flow of its context.
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        public int Items => items;
        public int MaxWorkers => maxWorkers;
        public ManualResetEventSlim Done { get; } = new(false, spinCount: 0);
        public long? Queued { get; } = Telemetry.MeasuresQueue ? Stopwatch.GetTimestamp() : null;
        public int Next;
        public int Active;
        public Exception? Failure;
        public bool HasItems => Next < items;

        public void Execute(int item)
        {
            if (_context is null)
                body(item);
            else
                ExecutionContext.Run(_context, ExecuteInside, item);
        }

        private void ExecuteInside(object? item)
        {
            Innermost.Value = this;
            body((int)item!);
        }
    }
}
