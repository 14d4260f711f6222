using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.IO;

namespace ScoreCam;

/// <summary>
/// Options for loading a model. The default of every property is read from the model or its sidecar files.
/// </summary>
public sealed record ModelOptions
{
    /// <summary>
    /// How a picture becomes the network's input. By default, the first available source is used: a sidecar file beside
    /// the model (<c>preprocessor_config.json</c>, timm's <c>config.json</c> or Teachable Machine's
    /// <c>metadata.json</c>), the model's metadata (Ultralytics, Custom Vision), or the first operators of the graph.
    /// If none is available, the usual preprocessing of the input type is assumed: ImageNet's for colour, 0…1 for
    /// greyscale and unchanged bytes for UInt8. Explanations then contain a warning.
    /// </summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>
    /// Changes parts of <see cref="Preprocessing"/>, whether it was set or found. For example,
    /// <c>found =&gt; found with { Fit = Fit.Letterbox }</c>. The function is called while the model is loaded. It must
    /// have no side effects.
    /// </summary>
    public Func<Preprocessing, Preprocessing>? ConfigurePreprocessing { get; init; }

    /// <summary>
    /// The class names. By default, the first available source is used: a sidecar file beside the model
    /// (<c>config.json</c>, Teachable Machine's <c>metadata.json</c> or <c>labels.txt</c>), <c>names</c> in the model's
    /// metadata (as Ultralytics writes it), or the labels of a ZipMap or LabelEncoder in the graph. If none is
    /// available, the classes are numbered.
    /// </summary>
    public ClassLabels? Labels { get; init; }

    /// <summary>
    /// The name of the output with the class scores, if the model has several outputs. By default, ScoreCam chooses the
    /// output that looks like class scores. If this choice may be wrong, <see cref="ImageModel.Warnings"/> says so and
    /// lists the other outputs.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>
    /// The meaning of the scores. By default, it is found in the graph, or with trial runs when the model is loaded.
    /// The graph does not reveal whether plain numbers are logits of independent classes, or the single logit of a
    /// yes–no question. Set <see cref="ScoreKind.Sigmoid"/> for such a model.
    /// </summary>
    public ScoreKind? ScoreKind { get; init; }

    /// <summary>The layout of the input tensor. By default, it is found in the graph.</summary>
    public TensorLayout? Layout { get; init; }

    /// <summary>
    /// The tokens in the default layer, for a transformer whose layout ScoreCam does not recognise. By default, they
    /// are found in the graph and checked with trial runs.
    /// </summary>
    public TokenLayout? Tokens { get; init; }

    /// <summary>
    /// The number of batches of one explanation that run at once. The default is one per core, or one on a GPU.
    /// </summary>
    public int? Workers { get; init; }

    /// <summary>
    /// <para>The number of masked pictures per network run. The default on a CPU is 1, or 4 if the model is larger than
    /// 32 MiB. The default on a GPU is 32.</para>
    /// <para>The value is ignored if the model fixes its batch size. It is always 1 if the pictures of a batch
    /// influence each other's scores (<c>DynamicQuantizeLinear</c>, or BatchNormalization in training mode). The
    /// default is 1 if the network turns out to accept no larger batch.</para>
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// The largest accepted model, in bytes: the .onnx file or stream together with its weights in external files. A
    /// larger model is rejected before it is read. The default is 2,000,000,000, which is about the most that the
    /// format allows in one file. If the limit is at least this value, larger external weights are accepted: ONNX
    /// Runtime maps them into memory.
    /// </summary>
    public int MaxModelBytes { get; init; } = LimitedReader.ModelBytes;

    /// <summary>
    /// The largest accepted size of each sidecar file, such as <c>preprocessor_config.json</c>, in bytes. A larger file
    /// is rejected before it is read. The default is 16 MiB.
    /// </summary>
    public int MaxSidecarBytes { get; init; } = LimitedReader.SidecarBytes;

    /// <summary>
    /// Called once for every session, before it is opened. Use it to add an execution provider. By default, a session
    /// has one intra-op thread, because ScoreCam runs one batch per core.
    /// </summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }
}
