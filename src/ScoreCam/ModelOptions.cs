using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.IO;

namespace ScoreCam;

/// <summary>How a model is loaded. Every property has a default that is read from the model or its sidecars.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// How pictures become the input. Default: <c>preprocessor_config.json</c> beside the model, else what the metadata
    /// says (Ultralytics, Custom Vision), else what the first operators of the graph expect, else ImageNet's (with a
    /// warning in every explanation).
    /// </summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>
    /// Changes a part of <see cref="Preprocessing"/>, whether given or found, for example <c>found =&gt; found with {
    /// Fit = Fit.Letterbox }</c>. Called while the model is loaded. It must have no side effects.
    /// </summary>
    public Func<Preprocessing, Preprocessing>? ConfigurePreprocessing { get; init; }

    /// <summary>
    /// Names of the classes. Default: <c>config.json</c> beside the model, else <c>names</c> in the model's metadata
    /// (as Ultralytics writes it), else the labels of a ZipMap or LabelEncoder in the graph, else numbers.
    /// </summary>
    public ClassLabels? Labels { get; init; }

    /// <summary>
    /// Name of the output with the class scores, where the model has several. Default: the one with classes. A choice
    /// that may be wrong is in <see cref="ImageModel.Warnings"/>, with the other outputs.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>
    /// What the scores mean. Default: found in the graph, or by trial runs when the model is loaded. The graph cannot
    /// tell logits of independent classes, or one logit of a yes–no question, from other numbers: set
    /// <see cref="ScoreKind.Sigmoid"/> for them.
    /// </summary>
    public ScoreKind? ScoreKind { get; init; }

    /// <summary>Layout of the input. Default: found in the graph.</summary>
    public TensorLayout? Layout { get; init; }

    /// <summary>
    /// The tokens that the default layer holds, for a transformer whose layout is not recognised. Default: found in the
    /// graph and checked by trial runs.
    /// </summary>
    public TokenLayout? Tokens { get; init; }

    /// <summary>Batches of one explanation in flight at once. Default: one per core; one on a GPU.</summary>
    public int? Workers { get; init; }

    /// <summary>
    /// Masked pictures per run of the network. Ignored where the model fixes its batch. It is 1 where the pictures of a
    /// batch change each other's scores (<c>DynamicQuantizeLinear</c>, a BatchNormalization in training mode). Default:
    /// on CPU 1, or 4 where the model has more than 32 MiB; 32 on a GPU; 1 where a network turns out to take no more.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// The most bytes of the .onnx file, or of the stream it comes from, together with its weights in other files. A
    /// larger model is refused before it is read. Default: 2,000,000,000, about what the format allows in one file.
    /// With that or more, larger weights in other files are not refused: ONNX Runtime maps them instead.
    /// </summary>
    public int MaxModelBytes { get; init; } = LimitedReader.ModelBytes;

    /// <summary>
    /// The most bytes of each sidecar, <c>config.json</c> and <c>preprocessor_config.json</c>. A larger one is refused
    /// before it is read. Default: 16 MiB.
    /// </summary>
    public int MaxSidecarBytes { get; init; } = LimitedReader.SidecarBytes;

    /// <summary>
    /// Called once for every session, before it is opened: add an execution provider here. By default a session has one
    /// intra-op thread, because ScoreCam runs one batch per core.
    /// </summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }
}
