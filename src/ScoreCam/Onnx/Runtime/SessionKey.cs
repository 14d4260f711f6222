namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// The outputs that a session computes in addition to the scores. Equal keys denote the same session.
/// </summary>
internal sealed record SessionKey
{
    private readonly string[] _taps;

    /// <param name="taps">The layers whose activations the session computes, in this order.</param>
    public SessionKey(params IEnumerable<string> taps)
    {
        _taps = [.. taps];
    }

    public IReadOnlyList<string> Taps => _taps;

    /// <summary>Whether a session with this key also computes the outputs of the other key.</summary>
    public bool Covers(SessionKey other) => other._taps.All(_taps.Contains);

    /// <summary>Returns the index of a tap; −1 if it is not a tap.</summary>
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
