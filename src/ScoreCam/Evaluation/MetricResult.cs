namespace ScoreCam.Evaluation;

/// <summary>What a metric says of one explanation. Immutable and thread-safe.</summary>
public sealed record MetricResult
{
    /// <summary>The value; null where the metric does not apply to the picture, for example without boxes.</summary>
    public double? Value { get; init; }

    /// <summary>The curves behind the value; empty where there are none.</summary>
    public IReadOnlyList<MetricCurve> Curves { get; init; } = [];

    /// <summary>Share of the pixels, 0…1, whose value another pixel has too, where their order matters; null elsewhere.</summary>
    public double? TiedShare { get; init; }
}

/// <summary>Values along an axis, for example the probability over the share of pixels that was deleted. Immutable and thread-safe.</summary>
public sealed record MetricCurve
{
    /// <summary>What the values are, for example <c>deletion</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Positions, ascending.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>One value per position.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>Area under the curve by the trapezoid rule.</summary>
    public double Area => Enumerable.Range(1, Math.Max(0, X.Count - 1)).Sum(i => (X[i] - X[i - 1]) * (Y[i] + Y[i - 1]) / 2);
}
