using System.Collections.Concurrent;

namespace ScoreCam.Onnx.Runtime;

/// <summary>A session that scores batches, with the buffers of its workers. It owns the session. Thread-safe.</summary>
internal sealed class BatchPool(NetworkSession session, ImageInput input, int batchSize, bool isUsual, int workers)
    : IDisposable
{
    private readonly ConcurrentBag<BatchBuffer> _idle = [];
    private volatile bool _oneAtATime;

    /// <summary>Batches of one explanation in flight at once.</summary>
    public int Workers => workers;

    /// <summary>Pictures per run.</summary>
    public int BatchSize => _oneAtATime ? 1 : batchSize;

    /// <summary>Whether the network declares that it takes any number of pictures.</summary>
    public bool BatchIsFree => input.Batch is null;

    /// <summary>Whether nobody asked for this batch size, so that another one will do.</summary>
    public bool IsUsual => isUsual;

    /// <summary>
    /// A network that declares a free batch may take one picture at a time all the same. Returns false where the
    /// network or the user chose the batch.
    /// </summary>
    public bool TryOneAtATime() => isUsual && BatchIsFree && (_oneAtATime = true);

    /// <summary>A buffer for scoring pictures of this size; dispose the rental to give it back.</summary>
    public Rental Rent(int height, int width)
    {
        while (_idle.TryTake(out BatchBuffer? buffer))
        {
            if (buffer.Fits(height, width))
                return new Rental(this, buffer);
            buffer.Dispose();
        }
        return new Rental(this, new BatchBuffer(session, input, batchSize, height, width));
    }

    public void Dispose()
    {
        while (_idle.TryTake(out BatchBuffer? buffer))
            buffer.Dispose();
        session.Dispose();
    }

    internal readonly struct Rental(BatchPool pool, BatchBuffer buffer) : IDisposable
    {
        public BatchBuffer Buffer => buffer;

        public void Dispose() => pool._idle.Add(buffer);
    }
}
