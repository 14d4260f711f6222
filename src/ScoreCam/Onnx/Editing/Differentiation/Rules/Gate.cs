namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>Passes a gradient where the output of an activation lies strictly between two bounds.</summary>
internal static class Gate
{
    /// <summary>g where y &gt; lo and y &lt; hi, else 0; null for a bound that does not exist.</summary>
    public static Term Between(BackwardNode n, Term g, float? lo, float? hi)
    {
        if (lo is null or 0 && n.Graph.IsBlocked(n.Node.Outputs[0]))
        {
            // y is never outside of the bounds.
            long channels = n.OutputShape[1];
            Term passed = lo is null ? g : g * Blocked.Positive(n.Y, channels);
            return hi is { } top ? passed * Blocked.Below(n.Y, channels, top) : passed;
        }
        Term? above = lo is { } low ? n.Y > low : null;
        Term? below = hi is { } high ? n.Y < high : null;
        Term? inside = above is { } a && below is { } b ? a & b : above ?? below;
        return inside is { } mask ? mask.Where(g, 0) : g;
    }
}
