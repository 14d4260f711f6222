using ScoreCam.Tests.Load;

namespace ScoreCam.Stress;

/// <summary>
/// In each round a model is disposed at a random moment while callers use it. Running calls end with the correct
/// result, and later calls are refused.
/// </summary>
internal static class DisposeTrial
{
    public static int Run(int rounds, int callers, int seed)
    {
        using ImageModel reference = Everyday.Load();
        Mixture expected = Everyday.Expected(reference);
        var random = new Random(seed);
        ProcessState before = ProcessState.Settled();
        int completed = 0, different = 0, refused = 0, other = 0;
        for (int round = 0; round < rounds; round++)
        {
            ImageModel model = Everyday.Load();
            Mixture mixture = Everyday.Mixture(model);
            Thread[] threads = [.. Enumerable.Range(0, callers)
                .Select(i => new Thread(() => Call(new Random((round * 1000) + i))))];
            Array.ForEach(threads, thread => thread.Start());
            Thread.Sleep(random.Next(60));
            model.Dispose();
            Array.ForEach(threads, thread => thread.Join());

            void Call(Random draw)
            {
                try
                {
                    while (true)
                    {
                        int index = draw.Next(mixture.Count);
                        bool equal = mixture[index].Run(null, CancellationToken.None) == expected.Expected(index);
                        Interlocked.Increment(ref completed);
                        if (!equal)
                            Interlocked.Increment(ref different);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
                catch (Exception exception)
                {
                    Interlocked.Increment(ref other);
                    Console.WriteLine($"FAILED {exception}");
                }
            }
        }
        Console.WriteLine(
            $"{rounds} models disposed under {callers} callers: {completed} calls completed, {different} of them "
            + $"different; {refused} refused, {other} failed otherwise");
        Console.WriteLine($"before  {before}\nafter   {ProcessState.Settled()}");
        return different + other == 0 && refused == rounds * callers ? 0 : 1;
    }
}
