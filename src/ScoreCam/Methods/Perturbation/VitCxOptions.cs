namespace ScoreCam.Methods.Perturbation;

/// <summary>How ViT-CX is computed.</summary>
public sealed record VitCxOptions
{
    /// <summary>The layer, by tensor or node name. Default (null): the model's default layer.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// Masks whose cosine distance is below this share a cluster, 0…2. Default: 0.1, as in the paper.
    /// </summary>
    public double ClusterDistance { get; init; } = 0.1;

    /// <summary>
    /// Standard deviation of the noise that fills the hidden part, in units of the prepared picture. Default: 0.1, as
    /// in the paper.
    /// </summary>
    public double NoiseDeviation { get; init; } = 0.1;

    /// <summary>Fixes the noise. Default: 0.</summary>
    public int Seed { get; init; }
}
