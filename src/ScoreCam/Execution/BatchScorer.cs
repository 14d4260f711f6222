using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>
/// Writes picture <paramref name="index"/>, preprocessed and in the network's layout. The buffer provides scratch
/// memory. Called from several threads.
/// </summary>
internal delegate void BufferWriter(int index, Span<float> picture, BatchBuffer buffer);

/// <summary>
/// Receives the logits, or probabilities, of all classes for picture <paramref name="index"/>. Called from several
/// threads.
/// </summary>
internal delegate void ScoreReader(int index, ReadOnlySpan<float> scores);

/// <summary>Runs the network on any number of pictures, in batches on the shared workers.</summary>
internal sealed class BatchScorer(BatchPool pool, int height, int width, ScoreHead head, bool probabilities)
{
    /// <summary>Runs the network on every picture and passes on the scores of all classes.</summary>
    /// <param name="pictures">The number of pictures. The caller has already announced them to the run context.</param>
    /// <param name="write">Writes one picture.</param>
    /// <param name="read">Receives the scores of one picture.</param>
    /// <param name="run">Cancellation and progress of the runs.</param>
    /// <param name="isTimeOver">
    /// Called before every batch. After it returns true, the remaining pictures are skipped.
    /// </param>
    /// <param name="always">The number of pictures at the beginning that are never skipped.</param>
    public void Score(
        int pictures,
        BufferWriter write,
        ScoreReader read,
        RunContext run,
        Func<bool>? isTimeOver = null,
        int always = 0)
    {
        int size = pool.BatchSize;
        int batches = (pictures + size - 1) / size;
        // Each worker gets the same number of batches, so that no worker waits for another worker's last batch.
        int workers = Math.Min(pool.Workers, WorkerPool.Shared.Size);
        if (pool.BatchIsFree)
            batches = Math.Min(pictures, (batches + workers - 1) / workers * workers);
        WorkerPool.Shared.Run(
            batches,
            workers,
            batch =>
            {
                (int first, int end) = (First(batch), First(batch + 1));
                if (first < always || isTimeOver?.Invoke() != true)
                    ScoreBatch(first, end - first, write, read, run);
            },
            run.CancellationToken);

        int First(int batch) => (int)((long)pictures * batch / batches);
    }

    private void ScoreBatch(int first, int count, BufferWriter write, ScoreReader read, RunContext run)
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
        catch (ScoreCamException)
            when (count > 1 && !run.CancellationToken.IsCancellationRequested && pool.TryOneAtATime())
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
            if (values.Length != count * head.Values)
                throw new ScoreCamException(
                    $"A batch of {count} gave {values.Length} scores; {count} × {head.Values} were expected.");
            return values;
        }
        catch (ScoreCamException exception) when (count > 1 && pool.BatchIsFree)
        {
            throw new ScoreCamException($"{exception.Message} {OneAtATime}", exception.InnerException);
        }
    }
}

/// <summary>Scores every target on any number of pictures.</summary>
internal sealed class TargetScorer(
    BatchPool pool, int height, int width, ScoreHead head, IReadOnlyList<Target> targets, bool probabilities)
{
    private readonly BatchScorer _scorer = new(pool, height, width, head, probabilities);

    /// <summary>Returns one row per target, with one score per picture.</summary>
    /// <exception cref="ScoreCamException">A score is not finite.</exception>
    public float[][] Score(int pictures, BufferWriter write, RunContext run)
    {
        run.Expect(pictures);
        return ScoreExpected(pictures, write, run);
    }

    /// <summary>
    /// Does the same as <see cref="Score"/>, for pictures that were already announced to the run context. Pictures that
    /// are skipped because the time is over have the score NaN.
    /// </summary>
    public float[][] ScoreExpected(
        int pictures, BufferWriter write, RunContext run, Func<bool>? isTimeOver = null, int always = 0)
    {
        float[][] table = [.. targets.Select(_ => new float[pictures])];
        foreach (float[] row in table)
            Array.Fill(row, float.NaN);
        _scorer.Score(
            pictures,
            write,
            (i, scores) =>
            {
                for (int t = 0; t < table.Length; t++)
                    table[t][i] = ScoreOf(targets[t], scores);
            },
            run,
            isTimeOver,
            always);
        return table;
    }

    /// <summary>Returns the score of a target.</summary>
    /// <exception cref="ScoreCamException">The score is not finite.</exception>
    public static float ScoreOf(Target target, ReadOnlySpan<float> scores)
    {
        float score = target.Score(scores);
        return float.IsFinite(score) ? score : throw new ScoreCamException(
            $"The target '{target.Name}' returned {score}; a finite number was expected.");
    }
}
