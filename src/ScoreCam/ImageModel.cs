using System.Security.Cryptography;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam;

/// <summary>
/// A loaded ONNX image classifier, with the facts read from it. It owns the ONNX Runtime sessions. Thread-safe.
/// Disposing waits for running calls.
/// </summary>
public sealed class ImageModel : IDisposable
{
    /// <summary>
    /// The longest side of a prepared picture, in pixels, if the network accepts any size and nothing specifies a size.
    /// </summary>
    internal const int LongestFreeSide = 512;

    private readonly ModelOptions _options;
    private readonly ModelAnalysis _analysis;
    private readonly ModelFacts _facts;
    private readonly ModelLifetime _lifetime;
    private readonly Lazy<string> _sha256;

    private ImageModel(string name, ModelOptions options, ModelAnalysis analysis, ModelFacts facts)
    {
        (Name, _options, _facts) = (name, options, facts);
        _lifetime = new ModelLifetime(name);
        _sha256 = new(() => Convert.ToHexStringLower(SHA256.HashData(analysis.FileBytes.Span)));
        Network = TokenCheck.Open(analysis, candidate => new Network(candidate, options, facts.Kind));
        _analysis = Network.Analysis;
    }

    /// <summary>
    /// Loads a model from an .onnx file, or from a folder that contains <c>model.onnx</c>. Sidecar files beside the
    /// model supply the preprocessing and the class names; see <see cref="ModelOptions.Preprocessing"/> and
    /// <see cref="ModelOptions.Labels"/>.
    /// </summary>
    /// <param name="path">The path of the file or folder.</param>
    /// <param name="options">The loading options; null uses the defaults.</param>
    /// <exception cref="FileNotFoundException">The file does not exist, or the folder contains no model.</exception>
    /// <exception cref="InvalidDataException">
    /// A sidecar is malformed. Or the model, including weights in external files, or a sidecar exceeds the size limit
    /// in <see cref="ModelOptions"/>.
    /// </exception>
    /// <exception cref="UnsupportedModelException">
    /// The file is not an ONNX model, or the model does not classify one image.
    /// </exception>
    /// <exception cref="ArgumentException">An option is not valid for this model.</exception>
    /// <exception cref="ScoreCamException">The native library of ONNX Runtime is missing.</exception>
    public static ImageModel Load(string path, ModelOptions? options = null)
    {
        options = Checked(options);
        return Load(() => ModelFiles.Read(path, options.MaxModelBytes), options);
    }

    /// <summary>Loads a model from its bytes. Do not change the array while the model is in use.</summary>
    /// <inheritdoc cref="Load(string, ModelOptions?)"/>
    public static ImageModel Load(byte[] model, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(() => new ModelFiles { Name = "model", Model = model }, Checked(options));
    }

    /// <summary>Loads a model from a stream. The stream is read to its end and stays open.</summary>
    /// <inheritdoc cref="Load(string, ModelOptions?)"/>
    public static ImageModel Load(Stream model, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options = Checked(options);
        return Load(() => ModelFiles.Read(model, options.MaxModelBytes), options);
    }

    /// <summary>The name of the file or folder, or <c>model</c> if the model was loaded from bytes.</summary>
    public string Name { get; }

    /// <summary>
    /// The SHA-256 hash of the model's bytes, in lower-case hexadecimal. Weights in external files are included: they
    /// are hashed in place of the references to them. If the model with these weights is larger than an array can be
    /// (2 GB), only the references are hashed.
    /// </summary>
    public string Sha256 => _sha256.Value;

    /// <summary>The input of the network: its name, type, layout and size.</summary>
    public ImageInput Input => Network.Input;

    /// <summary>The name of the scored tensor. It holds the logits, before any final softmax or sigmoid.</summary>
    public string ScoreTensor => Network.ScoreTensor;

    /// <summary>The meaning of the scores.</summary>
    public ScoreKind ScoreKind => _facts.Kind;

    /// <summary>
    /// The class names. If the model has none, they are <c>class 0</c>, <c>class 1</c> and so on. A network with one
    /// logit has two classes, no and yes. A network that gives a value has one class.
    /// </summary>
    public ClassLabels Classes => _facts.Classes;

    /// <summary>How a picture becomes the network's input.</summary>
    public Preprocessing Preprocessing => _facts.Preprocessing;

    /// <summary>
    /// Choices that ScoreCam made when it loaded the model and that may be wrong: the output, the meaning of the
    /// scores, or the preprocessing. A warning about a choice usually names the option that changes it. Properties of
    /// the network that make scores unsteady are listed as well. Explanations contain these warnings too. Empty if
    /// there are none.
    /// </summary>
    public IReadOnlyList<string> Warnings => [.. _facts.Warnings, .. _facts.PictureWarnings];

    /// <summary>All tensors that can be explained, in graph order.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public IReadOnlyList<LayerInfo> Layers
    {
        get
        {
            using ModelLifetime.Scope use = Use();
            return Network.Layers.All;
        }
    }

    /// <summary>
    /// The layer that is explained by default. In a convolutional network, it is the output of the last convolutional
    /// block, after its activation. In a transformer, it is the tokens of the last block.
    /// </summary>
    /// <exception cref="UnsupportedModelException">
    /// The network has no layer with activation maps, or the layout of its tokens is not recognised.
    /// </exception>
    public LayerInfo DefaultLayer => Network.Layers.Default;

    internal Network Network { get; }

    /// <summary>The model's bytes. They must not be changed.</summary>
    internal ReadOnlyMemory<byte> Bytes => Network.Bytes;

    /// <summary>
    /// Loads the same network with other weights and keeps everything else that is known about this model.
    /// </summary>
    internal ImageModel WithBytes(byte[] model) => new(Name, _options, _analysis.WithBytes(model), _facts);

    /// <summary>The warnings that apply to an explanation of this picture.</summary>
    internal IEnumerable<string> WarningsFor(PreparedImage image) => image.Picture is null ? _facts.Warnings : Warnings;

    /// <summary>
    /// Prepares a picture for this model. If the network accepts any size and <see cref="Preprocessing"/> sets none, a
    /// picture whose longer side exceeds 512 pixels is scaled down to 512 pixels, and <see cref="Warnings"/> says so.
    /// The aspect ratio is kept.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The preprocessing specifies a size that the network does not accept.
    /// </exception>
    public PreparedImage Prepare(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        (int? height, int? width) = (Input.Height, Input.Width);
        bool isFree = height is null && width is null && !Preprocessing.FixesSize;
        if (isFree && Math.Max(picture.Height, picture.Width) is > LongestFreeSide and var longer)
        {
            height = Math.Max(1, (int)Math.Round((double)picture.Height * LongestFreeSide / longer));
            width = Math.Max(1, (int)Math.Round((double)picture.Width * LongestFreeSide / longer));
        }
        return Preprocessing.Prepare(picture, Input.Channels, height, width);
    }

    /// <summary>
    /// Computes the masked picture that the network sees: fill + M ⊙ (X − fill). To view it, convert it with
    /// <see cref="Preprocessing.ToPicture"/>.
    /// </summary>
    /// <param name="image">The prepared picture X, from <see cref="Prepare"/>.</param>
    /// <param name="mask">
    /// The mask M, usually 0…1. A mask of another resolution is interpolated to the input's resolution. If the mask is
    /// the map of an explanation, the result shows what supports the target.
    /// </param>
    /// <param name="fill">The value of masked-out pixels. The default is zero.</param>
    /// <returns>The masked picture, in the shape of <paramref name="image"/>.</returns>
    /// <exception cref="ArgumentException">
    /// A value of the mask is not finite, or the network does not accept the shape of the image.
    /// </exception>
    public PreparedImage Mask(PreparedImage image, SaliencyMap mask, MaskFill? fill = null)
    {
        RequireFitting(image);
        ArgumentNullException.ThrowIfNull(mask);
        if (Statistics.IndexOfNonFinite(mask.Values) is var bad and >= 0)
            throw new ArgumentException(
                $"The mask is {mask.Values[bad]} at row {bad / mask.Width}, column {bad % mask.Width}; expected finite "
                + "numbers.",
                nameof(mask));
        float[] masked = new float[image.Tensor.Length];
        var input = new NetworkInput(image, TensorLayout.Nchw, fill?.Values(image, Preprocessing));
        input.WriteMasked(mask.Resize(image.Width, image.Height).Values, masked);
        return new PreparedImage(masked, image.Channels, image.Height, image.Width, image.Picture, image.Mapping);
    }

    /// <summary>Classifies a picture.</summary>
    /// <inheritdoc cref="Predict(PreparedImage)"/>
    public Prediction Predict(RgbImage picture) => Predict(Prepare(picture));

    /// <summary>Classifies a prepared picture.</summary>
    /// <exception cref="ArgumentException">The network does not accept the shape of the image.</exception>
    /// <exception cref="ScoreCamException">The network produced non-finite values, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Prediction Predict(PreparedImage image)
    {
        using ModelLifetime.Scope use = Use();
        using var run = new RunContext(null, CancellationToken.None);
        return Network.Head.Predict(Network.Score(ToNetworkInput(image), run), Classes);
    }

    /// <summary>Rejects new calls, waits for running calls, and then closes the sessions.</summary>
    /// <exception cref="InvalidOperationException">
    /// The method was called from a callback of a running explanation, so it would wait for itself.
    /// </exception>
    public void Dispose()
    {
        if (_lifetime.Close())
            Network.Dispose();
    }

    /// <summary>Marks a call as running until the scope is disposed on the same thread.</summary>
    internal ModelLifetime.Scope Use() => _lifetime.Enter();

    /// <exception cref="ArgumentException">The network does not accept the shape of the image.</exception>
    internal NetworkInput ToNetworkInput(PreparedImage image, MaskFill? fill = null)
    {
        RequireFitting(image);
        return new NetworkInput(image, Input.Layout, fill?.Values(image, Preprocessing));
    }

    private static ImageModel Load(Func<ModelFiles> read, ModelOptions options) =>
        Telemetry.Load(() => Load(read(), options), model => model.Name);

    private static ImageModel Load(ModelFiles files, ModelOptions options)
    {
        var sidecars = Sidecars.Read(
            files.SidecarFolders,
            options.MaxSidecarBytes,
            $"{nameof(ModelOptions)}.{nameof(ModelOptions.MaxSidecarBytes)}",
            needsPreprocessing: options.Preprocessing is null,
            needsNames: options.Labels is null);
        Preprocessing? stated = options.Preprocessing ?? sidecars.Preprocessing;
        Preprocessing configured = ModelFacts.Configured(options, stated ?? new());
        (int, int)? freeSize = configured is { Height: { } height, Width: { } width } ? (height, width) : null;
        var analysis = new ModelAnalysis(files, options, freeSize);
        return new ImageModel(files.Name, options, analysis, new ModelFacts(files.Name, options, sidecars, analysis));
    }

    private void RequireFitting(PreparedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        bool fits = image.Channels == Input.Channels
            && image.Height == (Input.Height ?? image.Height) && image.Width == (Input.Width ?? image.Width);
        if (!fits)
            throw new ArgumentException(
                $"The image has {image.Channels} × {image.Height} × {image.Width} values (channels × height × width), "
                + $"and the network takes {Input.Channels} × {OrAny(Input.Height)} × {OrAny(Input.Width)}.",
                nameof(image));

        static string OrAny(int? side) => side?.ToString() ?? "any";
    }

    private static ModelOptions Checked(ModelOptions? options)
    {
        options ??= new();
        Require(options.Workers is null or > 0, nameof(options.Workers), options.Workers, "at least 1, or null");
        Require(options.BatchSize is null or > 0, nameof(options.BatchSize), options.BatchSize, "at least 1, or null");
        Require(options.MaxModelBytes > 0, nameof(options.MaxModelBytes), options.MaxModelBytes, "at least 1");
        Require(options.MaxSidecarBytes > 0, nameof(options.MaxSidecarBytes), options.MaxSidecarBytes, "at least 1");
        bool isKind = options.ScoreKind is not { } kind || Enum.IsDefined(kind);
        Require(isKind, nameof(options.ScoreKind), options.ScoreKind, "Softmax, Sigmoid or Value, or null");
        return options;

        static void Require(bool holds, string name, object? value, string expected)
        {
            string message = $"ModelOptions.{name} must be {expected}.";
            if (!holds)
                throw new ArgumentOutOfRangeException(nameof(options), value, message);
        }
    }
}
