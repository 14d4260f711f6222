using System.Globalization;
using System.Text;

namespace ScoreCam.Fuzz;

/// <summary>The results of the cases of a run.</summary>
public sealed class FuzzFigures
{
    private readonly SortedDictionary<string, long> _refusals = [];
    private (long Bytes, int Length) _largest;
    private (TimeSpan Time, int Length) _slowest;

    public long Cases { get; private set; }

    /// <summary>Cases that were read.</summary>
    public long Accepted { get; private set; }

    public void Add(int length, Exception? refusal, long allocated, TimeSpan time)
    {
        Cases++;
        if (refusal is null)
            Accepted++;
        else
            _refusals[refusal.GetType().Name] = _refusals.GetValueOrDefault(refusal.GetType().Name) + 1;
        if (allocated > _largest.Bytes)
            _largest = (allocated, length);
        if (time > _slowest.Time)
            _slowest = (time, length);
    }

    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Cases:N0} cases, {Accepted:N0} read");
        foreach ((string name, long count) in _refusals)
            text.Append(CultureInfo.InvariantCulture, $", {count:N0} {name}");
        text.Append(CultureInfo.InvariantCulture,
            $"; largest allocation {_largest.Bytes / 1024.0:N0} KiB (file of {_largest.Length / 1024.0:N1} KiB)");
        return text.Append(CultureInfo.InvariantCulture,
            $"; slowest {_slowest.Time.TotalMilliseconds:N0} ms (file of {_slowest.Length / 1024.0:N1} KiB)")
            .ToString();
    }
}
