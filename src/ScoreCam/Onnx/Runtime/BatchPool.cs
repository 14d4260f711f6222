using System.Collections.Concurrent;

namespace ScoreCam.Onnx.Runtime;

/// <summary>A session that scores batches, with the buffers of its workers. It owns the session. Thread-safe.</summary>
internal sealed class BatchPool(NetworkSession session, ImageInput input, int batchSize, bool isUsual, int workers)
    : IDisposable
{
    private readonly ConcurrentBag<BatchBuffer> _idle = [];
    private volatile bool _oneAtATime;

    /// <summary>The number of batches of one explanation that run at once.</summary>
    public int Workers => workers;

    /// <summary>The number of pictures per run.</summary>
    public int BatchSize => _oneAtATime ? 1 : batchSize;

    /// <summary>Whether the network declares that it accepts any number of pictures.</summary>
    public bool BatchIsFree => input.Batch is null;

    /// <summary>Whether the batch size is a default, so that another batch size is acceptable.</summary>
    public bool IsUsual => isUsual;

    /// <summary>
    /// Falls back to one picture at a time, because a network that declares a free batch size can still accept only one
    /// picture. Returns false if the network or the user set the batch size.
    /// </summary>
    public bool TryOneAtATime() => isUsual && BatchIsFree && (_oneAtATime = true);

    /// <summary>Rents a buffer for scoring pictures of this size. Dispose the rental to return it.</summary>
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
