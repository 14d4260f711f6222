namespace ScoreCam.Methods.Activation;

/// <summary>How CAM is computed.</summary>
public sealed record CamOptions
{
    /// <summary>The layer, by tensor or node name: the one that is pooled. Default (null): the end of the last convolutional block.</summary>
    public string? Layer { get; init; }
}
