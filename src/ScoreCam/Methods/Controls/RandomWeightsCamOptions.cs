namespace ScoreCam.Methods.Controls;

/// <summary>How the control with random channel weights is computed.</summary>
public sealed record RandomWeightsCamOptions
{
    /// <summary>The layer, by tensor or node name. Default (null): the end of the last convolutional block.</summary>
    public string? Layer { get; init; }

    /// <summary>Seed of the weights. They also depend on the picture, so that a mean over pictures is a mean over draws.</summary>
    public int Seed { get; init; }
}
