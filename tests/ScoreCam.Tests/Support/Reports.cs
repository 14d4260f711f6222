namespace ScoreCam.Tests.Support;

/// <summary>
/// Progress that calls back at once, on the reporting thread. (<see cref="Progress{T}"/> posts to another thread.)
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
