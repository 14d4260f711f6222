namespace ScoreCam.Tests.Support;

/// <summary>
/// Progress that calls back at once, on the thread that reports. (<see cref="Progress{T}"/> posts to another.)
/// </summary>
internal sealed class Reports(Action<ExplainProgress>? callback = null) : IProgress<ExplainProgress>
{
    private readonly List<ExplainProgress> _all = [];

    public IReadOnlyList<ExplainProgress> All
    {
        get
        {
            lock (_all)
                return [.. _all];
        }
    }

    public void Report(ExplainProgress value)
    {
        lock (_all)
            _all.Add(value);
        callback?.Invoke(value);
    }
}
