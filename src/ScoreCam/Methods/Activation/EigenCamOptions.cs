namespace ScoreCam.Methods.Activation;

/// <summary>How Eigen-CAM is computed.</summary>
public sealed record EigenCamOptions
{
    /// <summary>The layer, by tensor or node name. Default (null): the end of the last convolutional block.</summary>
    public string? Layer { get; init; }
}
