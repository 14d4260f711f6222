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
    /// Recipro-CAM. The part of the network after the layer runs on h · w changed activations per picture. This is slow
    /// if this part contains convolutions.
    /// </summary>
    ReciproCam,
}

/// <summary>Options for exporting a self-explaining model.</summary>
public sealed record SelfExplainingOptions
{
    /// <summary>The method. The default is Grad-CAM.</summary>
    public ExportMethod Method { get; init; }

    /// <summary>
    /// The layer, by tensor name or node name. The default is null, which means <see cref="ImageModel.DefaultLayer"/>.
    /// </summary>
    public string? Layer { get; init; }

    /// <summary>
    /// Whether to add the input <c>class_index</c>, int64 [batch]. It selects the class to explain; −1 means the
    /// predicted class. The default is false, in which case the predicted class is explained.
    /// </summary>
    public bool ClassInput { get; init; }

    /// <summary>
    /// Whether to add the output <c>saliency_raw</c>, [batch, 1, h, w]: the map before ReLU and normalisation. The
    /// default is false.
    /// </summary>
    public bool RawMap { get; init; }

    /// <summary>Whether negative values of the raw map become 0.</summary>
    internal bool Rectifies => Method is not (ExportMethod.Cam or ExportMethod.ReciproCam);
}

/// <summary>The result of an export and of its check.</summary>
public sealed record SelfExplainingResult
{
    /// <summary>The size of the file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The difference between the size of the file and the size of the model, in bytes.</summary>
    public required long AddedBytes { get; init; }

    /// <summary>
    /// The largest difference between the exported model's map and the library's map, 0…1, over the tested pictures.
    /// </summary>
    public required float LargestDifference { get; init; }
}
