namespace ScoreCam.Export;

/// <summary>The method of a self-explaining model.</summary>
public enum ExportMethod
{
    /// <summary>Grad-CAM.</summary>
    GradCam,

    /// <summary>HiResCAM.</summary>
    HiResCam,

    /// <summary>LayerCAM.</summary>
    LayerCam,

    /// <summary>CAM, for networks that end in global average pooling and one linear layer.</summary>
    Cam,

    /// <summary>
    /// Recipro-CAM. The part of the network after the layer runs on h · w changed activations for each picture, which
    /// is slow if this part has convolutions.
    /// </summary>
    ReciproCam,
}

/// <summary>How a self-explaining model is made.</summary>
public sealed record SelfExplainingOptions
{
    /// <summary>The method. Default: Grad-CAM.</summary>
    public ExportMethod Method { get; init; }

    /// <summary>The layer, by tensor or node name. Default (null): <see cref="ImageModel.DefaultLayer"/>.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// Adds the input <c>class_index</c>, int64 [batch]: the class to explain, or −1 for the predicted one. Default:
    /// false; the predicted class is explained.
    /// </summary>
    public bool ClassInput { get; init; }

    /// <summary>
    /// Adds the output <c>saliency_raw</c>, [batch, 1, h, w]: the map before ReLU and normalisation. Default: false.
    /// </summary>
    public bool RawMap { get; init; }

    /// <summary>Whether negative values of the raw map become 0.</summary>
    internal bool Rectifies => Method is not (ExportMethod.Cam or ExportMethod.ReciproCam);
}

/// <summary>What an export wrote, and how it was checked.</summary>
public sealed record SelfExplainingResult
{
    /// <summary>Bytes of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that the file is larger than the model.</summary>
    public required long AddedBytes { get; init; }

    /// <summary>
    /// The largest difference between the model's map and the library's, 0…1, over the pictures tried.
    /// </summary>
    public required float LargestDifference { get; init; }
}
