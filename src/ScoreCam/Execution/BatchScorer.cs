using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Execution;

/// <summary>Writes picture <paramref name="index"/>, preprocessed and in the network's layout; the buffer has scratch to use. Called from several threads.</summary>
internal delegate void PictureWriter(int index, Span<float> picture, BatchBuffer buffer);

/// <summary>Takes the logits, or probabilities, of all classes for picture <paramref name="index"/>. Called from several threads.</summary>
internal delegate void ScoreReader(int index, ReadOnlySpan<float> scores);

/// <summary>Sends any number of pictures through the network in batches, on the workers of the process, and hands out their scores.</summary>
internal sealed class BatchScorer(BatchPool pool, int height, int width, ScoreHead head, bool probabilities)
{
    /// <param name="pictures">How many; the run expects them already.</param>
    /// <param name="write">Writes one.</param>
    /// <param name="read">Takes its scores.</param>
    /// <param name="run">What the runs share.</param>
    /// <param name="isTimeOver">Asked before every batch: the rest is left out, except for the first two pictures.</param>
    public void Score(int pictures, PictureWriter write, ScoreReader read, RunContext run, Func<bool>? isTimeOver = null)
    {
        int size = pool.BatchSize;
        int batches = (pictures + size - 1) / size;
        // As many batches for each worker, so that none waits for the other's last one.
        if (pool.BatchIsFree)
            batches = Math.Min(pictures, (batches + pool.Workers - 1) / pool.Workers * pool.Workers);
        WorkerPool.Shared.Run(
            batches,
            pool.Workers,
            batch =>
            {
                (int first, int end) = (First(batch), First(batch + 1));
                if (first < 2 || isTimeOver?.Invoke() != true)
                    ScoreBatch(first, end - first, write, read, run);
            },
            run.CancellationToken);

        int First(int batch) => (int)((long)pictures * batch / batches);
    }

    private void ScoreBatch(int first, int count, PictureWriter write, ScoreReader read, RunContext run)
    {
        using BatchPool.Rental rental = pool.Rent(height, width);
        BatchBuffer buffer = rental.Buffer;
        for (int i = 0; i < count; i++)
            write(first + i, buffer.Picture(i), buffer);

        ReadOnlySpan<float> values;
        try
        {
            values = Run(buffer, count, run);
        }
        catch (ScoreCamException) when (count > 1 && !run.CancellationToken.IsCancellationRequested && pool.TryOneAtATime())
        {
            for (int i = 0; i < count; i++)
                ScoreBatch(first + i, 1, write, read, run);
            return;
        }
        Span<float> scores = buffer.ClassScores(head.Classes);
        for (int i = 0; i < count; i++)
        {
            head.Logits(values.Slice(i * head.Values, head.Values), scores);
            if (probabilities)
                head.Probabilities(scores, scores);
            read(first + i, scores);
        }
        run.Report(count);
    }

    private ReadOnlySpan<float> Run(BatchBuffer buffer, int count, RunContext run)
    {
        const string OneAtATime = "If the network takes one picture at a time, set ModelOptions.BatchSize to 1.";
        try
        {
            ReadOnlySpan<float> values = buffer.Score(run.Options, count);
            return values.Length == count * head.Values ? values
                : throw new ScoreCamException($"A batch of {count} gave {values.Length} scores; {count} × {head.Values} were expected.");
        }
        catch (ScoreCamException exception) when (count > 1 && pool.BatchIsFree)
        {
            throw new ScoreCamException($"{exception.Message} {OneAtATime}", exception.InnerException);
        }
    }
}
