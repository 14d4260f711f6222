using System.Security.Cryptography;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam;

/// <summary>
/// An image classifier in ONNX: the loaded network and the facts about it. It owns the sessions of ONNX Runtime. Thread-safe; disposing waits for
/// running calls.
/// </summary>
public sealed class ImageModel : IDisposable
{
    private const string SidecarLimit = $"{nameof(ModelOptions)}.{nameof(ModelOptions.MaxSidecarBytes)}";
    private readonly ModelFiles _files;
    private readonly ModelOptions _options;
    private readonly ModelLifetime _lifetime;
    private readonly Lazy<string> _sha256;

    private ImageModel(ModelFiles files, ModelOptions options)
    {
        (_files, _options, Name) = (files, options, files.Name);
        _lifetime = new ModelLifetime(Name);
        _sha256 = new(() => Convert.ToHexStringLower(SHA256.HashData(Bytes.Span)));

        Preprocessing? preprocessing = options.Preprocessing ?? (files.PreprocessorPath is { } path
            ? PreprocessorConfig.Load(path, options.MaxSidecarBytes, SidecarLimit)
            : null);
        Preprocessing configured = Configure(preprocessing ?? new());
        (int, int)? freeSize = configured is { Height: { } height, Width: { } width } ? (height, width) : null;
        Network = new Network(files, options, freeSize);
        try
        {
            Preprocessing assumed = DefaultPreprocessing(Network.Input);
            Preprocessing = preprocessing is null ? Configure(assumed) : configured;
            PreprocessingIsAssumed = preprocessing is null && HasColorsOf(assumed);
            Classes = Labels(options, files) ?? ClassLabels.Numbered(Network.Classes);
        }
        catch
        {
            Network.Dispose();
            throw;
        }

        Preprocessing Configure(Preprocessing found) => options.ConfigurePreprocessing?.Invoke(found) ?? found;

        bool HasColorsOf(Preprocessing other) =>
            (Preprocessing.Scale, Preprocessing.Mean, Preprocessing.Std) == (other.Scale, other.Mean, other.Std);
    }

    /// <summary>Loads a model: an .onnx file, or a folder with <c>model.onnx</c>; the sidecars <c>config.json</c> and <c>preprocessor_config.json</c> are read where they lie beside it.</summary>
    /// <exception cref="FileNotFoundException">No such file, or no model in the folder.</exception>
    /// <exception cref="InvalidDataException">A sidecar is malformed, or the model (with weights in other files) or a sidecar is larger than <see cref="ModelOptions"/> allows.</exception>
    /// <exception cref="UnsupportedModelException">Not an ONNX model, or not one that classifies one image.</exception>
    /// <exception cref="ArgumentException">An option is not valid for this model.</exception>
    /// <exception cref="ScoreCamException">The native library of ONNX Runtime is missing.</exception>
    public static ImageModel Load(string path, ModelOptions? options = null)
    {
        options = Checked(options);
        return new(ModelFiles.Read(path, options.MaxModelBytes), options);
    }

    /// <summary>Loads a model from its bytes; do not change the array while the model is in use.</summary>
    /// <inheritdoc cref="Load(string, ModelOptions?)"/>
    public static ImageModel Load(byte[] model, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(new ModelFiles { Name = "model", Model = model }, Checked(options));
    }

    /// <summary>Loads a model from a stream, read to its end; the stream stays open.</summary>
    /// <inheritdoc cref="Load(string, ModelOptions?)"/>
    public static ImageModel Load(Stream model, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options = Checked(options);
        return new(ModelFiles.Read(model, options.MaxModelBytes), options);
    }

    /// <summary>Name of the file or folder; <c>model</c> where it came from bytes.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of the model's bytes, in lower-case hexadecimal. Weights in other files are part of it: they are taken into the bytes where they stood.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>What the network takes.</summary>
    public ImageInput Input => Network.Input;

    /// <summary>Name of the tensor that is scored: the logits, before any closing softmax or sigmoid.</summary>
    public string ScoreTensor => Network.ScoreTensor;

    /// <summary>What the scores are.</summary>
    public ScoreKind ScoreKind => Network.ScoreKind;

    /// <summary>Names of the classes; <c>class 0</c>, … where the model has none. A network with one output has two classes: no and yes.</summary>
    public ClassLabels Classes { get; }

    /// <summary>How pictures become the input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Every tensor that can be explained, in graph order. Found when first asked for.</summary>
    /// <exception cref="ScoreCamException">The network failed.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public IReadOnlyList<LayerInfo> Layers
    {
        get
        {
            using ModelLifetime.Scope use = Use();
            return Network.Layers.All;
        }
    }

    /// <summary>The layer that is explained by default: the end of the last convolutional block, after its activation.</summary>
    /// <exception cref="UnsupportedModelException">The network has no layer with activation maps.</exception>
    public LayerInfo DefaultLayer => Network.Layers.Default;

    internal Network Network { get; }

    /// <summary>The model's bytes; not to be changed.</summary>
    internal ReadOnlyMemory<byte> Bytes => Network.Bytes;

    /// <summary>True where nothing said how pictures are prepared.</summary>
    internal bool PreprocessingIsAssumed { get; private init; }

    /// <summary>Loads the same network with other weights. It keeps this model's preprocessing and class names.</summary>
    internal ImageModel WithBytes(byte[] model)
    {
        // The sidecars are not read again: they may have changed since this model was loaded.
        ModelOptions options = _options with
        {
            Preprocessing = Preprocessing,
            ConfigurePreprocessing = null,
            Labels = Classes,
        };
        return new(_files with { Model = model }, options) { PreprocessingIsAssumed = PreprocessingIsAssumed };
    }

    /// <summary>Prepares a picture as this model takes it.</summary>
    /// <exception cref="ArgumentException">The preprocessing asks for another size than the network takes.</exception>
    public PreparedImage Prepare(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Preprocessing.Prepare(picture, Input.Channels, Input.Height, Input.Width);
    }

    /// <summary>What the network is shown under a mask: fill + M ⊙ (X − fill). See it with <see cref="Preprocessing.ToPicture"/>.</summary>
    /// <param name="image">X, as <see cref="Prepare"/> makes it.</param>
    /// <param name="mask">M, usually 0…1; of another resolution than the input it is interpolated. An explanation's map shows what it keeps.</param>
    /// <param name="fill">What is masked out becomes this. Default: zero.</param>
    /// <exception cref="ArgumentException">A value of the mask is not finite, or the image has another shape than the network takes.</exception>
    public PreparedImage Mask(PreparedImage image, SaliencyMap mask, MaskFill? fill = null)
    {
        RequireFitting(image);
        ArgumentNullException.ThrowIfNull(mask);
        if (Statistics.IndexOfNonFinite(mask.Values) is var bad and >= 0)
            throw new ArgumentException($"The mask is {mask.Values[bad]} at row {bad / mask.Width}, column {bad % mask.Width}; expected finite numbers.", nameof(mask));
        float[] masked = new float[image.Tensor.Length];
        new NetworkInput(image, TensorLayout.Nchw, fill?.Values(image, Preprocessing)).WriteMasked(mask.Resize(image.Width, image.Height).Values, masked);
        return new PreparedImage(masked, image.Channels, image.Height, image.Width, image.Picture, image.Mapping);
    }

    /// <summary>Classifies a picture.</summary>
    /// <inheritdoc cref="Predict(PreparedImage)"/>
    public Prediction Predict(RgbImage picture) => Predict(Prepare(picture));

    /// <summary>Classifies a prepared picture.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape than the network takes.</exception>
    /// <exception cref="ScoreCamException">The network gave non-finite values, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Prediction Predict(PreparedImage image)
    {
        using ModelLifetime.Scope use = Use();
        using var run = new RunContext(null, CancellationToken.None);
        (ScoreHead head, float[] values) = Network.Score(ToNetworkInput(image), run);
        return head.Predict(values, Classes);
    }

    /// <summary>Refuses new calls, waits for the running ones, then closes the sessions.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a callback of a running explanation, which would wait for itself.</exception>
    public void Dispose()
    {
        if (_lifetime.Close())
            Network.Dispose();
    }

    /// <summary>Marks a call as running until the scope is disposed, on the same thread.</summary>
    internal ModelLifetime.Scope Use() => _lifetime.Enter();

    /// <exception cref="ArgumentException">The tensor has another shape than the network takes.</exception>
    internal NetworkInput ToNetworkInput(PreparedImage image, MaskFill? fill = null)
    {
        RequireFitting(image);
        return new NetworkInput(image, Input.Layout, fill?.Values(image, Preprocessing));
    }

    private void RequireFitting(PreparedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels != Input.Channels || image.Height != (Input.Height ?? image.Height) || image.Width != (Input.Width ?? image.Width))
            throw new ArgumentException(
                $"The image has {image.Channels} × {image.Height} × {image.Width} values (channels × height × width), and the network takes {Input.Channels} × {Input.Height?.ToString() ?? "any"} × {Input.Width?.ToString() ?? "any"}.", nameof(image));
    }

    private static ModelOptions Checked(ModelOptions? options)
    {
        options ??= new();
        if (options.Workers is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Workers, "ModelOptions.Workers must be at least 1, or null for one per core.");
        if (options.BatchSize is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, "ModelOptions.BatchSize must be at least 1, or null for the default.");
        if (Math.Min(options.MaxModelBytes, options.MaxSidecarBytes) < 1)
            throw new ArgumentOutOfRangeException(nameof(options), Math.Min(options.MaxModelBytes, options.MaxSidecarBytes), "ModelOptions.MaxModelBytes and MaxSidecarBytes must be at least 1.");
        return options;
    }

    private static Preprocessing DefaultPreprocessing(ImageInput input) =>
        input.ElementType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8 ? Preprocessing.Byte
        : input.Channels == 1 ? Preprocessing.Unit
        : Preprocessing.Imagenet;

    private ClassLabels? Labels(ModelOptions options, ModelFiles files)
    {
        if (options.Labels is { } given)
            return given.Count == Network.Classes
                ? given
                : throw new ArgumentException($"{given.Count} class names were given, and the network has {Network.Classes} classes.", nameof(options));
        if (files.ConfigPath is { } path && LabelFile.FindInConfig(path, options.MaxSidecarBytes, SidecarLimit) is { } found)
            return found.Length == Network.Classes
                ? new(found)
                : throw new InvalidDataException($"'{path}' names {found.Length} classes, and the network has {Network.Classes}. Give the names in ModelOptions.Labels, or remove the file.");
        if (LabelFile.FindInMetadata(Network.Metadata, Name) is not { } inside)
            return null;
        return inside.Length == Network.Classes
            ? new(inside)
            : throw new InvalidDataException($"The metadata of '{Name}' names {inside.Length} classes, and the network has {Network.Classes}. Give the names in ModelOptions.Labels.");
    }
}
