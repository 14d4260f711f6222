namespace ScoreCam.Methods.Perturbation;

/// <summary>How RISE is computed.</summary>
public sealed record RiseOptions
{
    /// <summary>Random masks N, at least 1. Default: 1000; the paper takes 4000 to 8000. The noise falls with √N.</summary>
    public int Masks { get; init; } = 1000;

    /// <summary>Cells along each side of the grid, s, 1 to 1000. Default: 7.</summary>
    public int GridSize { get; init; } = 7;

    /// <summary>Probability p that a cell is kept, 0 &lt; p &lt; 1. Default: 0.5.</summary>
    public double KeepProbability { get; init; } = 0.5;

    /// <summary>Seed of the masks; the same seed gives the same map, whatever the number of workers.</summary>
    public int Seed { get; init; }
}
