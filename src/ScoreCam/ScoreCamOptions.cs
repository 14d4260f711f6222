namespace ScoreCam;

/// <summary>How Score-CAM is computed. The default is the paper's algorithm on the default layer.</summary>
public sealed record ScoreCamOptions
{
    /// <summary>The published form to compute. Default: the paper's.</summary>
    public ScoreCamPreset Preset { get; init; } = ScoreCamPreset.Paper;

    /// <summary>Layers to explain, by tensor or node name. Default (empty): the end of the last convolutional block. Several give one map each, and their mean.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];
}
