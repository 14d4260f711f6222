namespace ScoreCam.Onnx.Runtime;

/// <summary>What a session computes besides the scores. Sessions of equal keys are the same session.</summary>
internal sealed record SessionKey
{
    private readonly string[] _taps;

    /// <param name="taps">The layers whose activations it gives, in this order.</param>
    public SessionKey(params IEnumerable<string> taps)
    {
        _taps = [.. taps];
    }

    public IReadOnlyList<string> Taps => _taps;

    /// <summary>Whether a session of this key also gives what one of the other key gives.</summary>
    public bool Covers(SessionKey other) => other._taps.All(_taps.Contains);

    /// <summary>The place of a tap among the taps; −1 if it is none of them.</summary>
    public int IndexOf(string tap) => Array.IndexOf(_taps, tap);

    public bool Equals(SessionKey? other) => other is not null && _taps.AsSpan().SequenceEqual(other._taps);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (string tap in _taps)
            hash.Add(tap);
        return hash.ToHashCode();
    }
}
