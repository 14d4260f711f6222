using System.Globalization;
using System.Text.Json;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.IO.Explanations;
using ScoreCam.Rendering;

namespace ScoreCam;

/// <summary>
/// A saliency map for one target on one picture, with the evidence behind it. Immutable and thread-safe.
/// </summary>
public sealed class Explanation
{
    /// <summary>The name of the method, for example <c>Score-CAM (Paper)</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The name of the target: the class name, or the name that the caller gave the target.</summary>
    public required string TargetName { get; init; }

    /// <summary>The index of the explained class; null if the target is not a single class.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>The logit of the class on the unmasked picture; null if the target is not a single class.</summary>
    public float? Logit { get; init; }

    /// <summary>
    /// The probability of the class on the unmasked picture, 0…1. It is null if the target is not a single class or if
    /// the network gives no probability (<see cref="ScoreKind.Value"/>).
    /// </summary>
    public float? Probability { get; init; }

    /// <summary>
    /// Whether the evidence is signed. A signed map is −1…1, with negative values where the picture speaks against the
    /// target. An unsigned map is 0…1.
    /// </summary>
    public bool IsSigned { get; init; }

    /// <summary>
    /// The normalised map in the coordinates of the network's input: 0…1, or −1…1 if <see cref="IsSigned"/> is true. If
    /// nothing in the picture supports the target, the map is all zeros and <see cref="Warnings"/> contains a warning.
    /// </summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>
    /// The map before ReLU and normalisation, at the resolution of the method. If several layers are explained, it is
    /// the combination of their normalised maps.
    /// </summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>
    /// One entry per explained layer, in the order requested. Empty for methods that read no layer. If there are
    /// several layers, <see cref="Map"/> combines their maps as <see cref="Combination"/> specifies.
    /// </summary>
    public IReadOnlyList<LayerEvidence> Layers { get; init; } = [];

    /// <summary>How the maps of several layers are combined.</summary>
    public LayerCombination Combination { get; init; }

    /// <summary>
    /// The number of network runs on changed pictures or activations, summed over all layers. A run of only the part of
    /// the network after a layer counts as one. The first run, on the unchanged picture, is not counted. The run on the
    /// all-zero picture is counted wherever its score is used, although the network runs it only once per model.
    /// </summary>
    public int Passes { get; init; }

    /// <summary>
    /// The number of gradient computations. Each picture, or each set of activations, counts once per target and layer.
    /// </summary>
    public int GradientPasses { get; init; }

    /// <summary>
    /// The relative completeness error of an attribution: the difference between the sum of the attribution and the sum
    /// that theory requires, divided by the latter. 0.01 means one per cent. With several baselines, it is the largest
    /// error. Set by Integrated Gradients and FullGrad; null for other methods.
    /// </summary>
    public float? CompletenessError { get; init; }

    /// <summary>
    /// The loss of an optimised mask, before the first iteration and after each iteration. Empty for methods that do
    /// not optimise a mask.
    /// </summary>
    public IReadOnlyList<float> Losses { get; init; } = [];

    /// <summary>
    /// The original picture. It is null if a tensor was explained, or if the explanation was loaded from a file.
    /// </summary>
    public RgbImage? Picture { get; init; }

    /// <summary>The position and scale of the original picture in the network's input.</summary>
    public required PictureMapping Mapping { get; init; }

    /// <summary>Problems that a reader should know about before trusting the map. Empty if there are none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// The time that the explanation took, without loading the model. All targets of one call share the same network
    /// runs, so they report the same time.
    /// </summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The SHA-256 hash of the model's bytes, in lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The version of ScoreCam that computed the explanation.</summary>
    public string Version { get; init; } = LibraryVersion.Current;

    /// <summary>
    /// Returns the normalised map in the coordinates of the original picture, or of the tensor if a tensor was
    /// explained. The map is 0 where the picture was cropped away.
    /// </summary>
    public SaliencyMap MapOnPicture() => Map.OnPicture(Mapping);

    /// <summary>Draws the map over the original picture, at the full size of the picture.</summary>
    /// <param name="options">Colours and opacity; null uses the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// The explanation has no picture, because a tensor was explained or the explanation was loaded from a file.
    /// </exception>
    /// <exception cref="ArgumentException">The opacity is not in 0…1.</exception>
    public RgbImage Overlay(OverlayOptions? options = null) =>
        Overlay(Picture ?? throw new InvalidOperationException(
            "The explanation has no picture to draw on: a tensor was explained, or the explanation was loaded from a "
            + "file. Give the picture: Overlay(picture)."), options);

    /// <summary>
    /// Draws the map over a picture, at the full size of the picture. Use this overload if the explanation was loaded
    /// from a file, or if a tensor was explained.
    /// </summary>
    /// <param name="picture">
    /// The explained picture at its original size. If a tensor was explained, a picture of the input's size.
    /// </param>
    /// <param name="options">Colours and opacity; null uses the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The size of the picture differs from the size of the explained picture, or the opacity is not in 0…1.
    /// </exception>
    public RgbImage Overlay(RgbImage picture, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if ((picture.Width, picture.Height) != (Mapping.PictureWidth, Mapping.PictureHeight))
            throw new ArgumentException(
                $"The picture has {picture.Width} × {picture.Height} pixels, and the one that was explained has "
                + $"{Mapping.PictureWidth} × {Mapping.PictureHeight}.",
                nameof(picture));
        return Rendering.Overlay.Draw(picture, MapOnPicture(), (options ?? new()) with { Signed = IsSigned });
    }

    /// <summary>
    /// Saves the explanation as JSON: the maps, scores, weights, versions and the SHA-256 hash of the model. The
    /// picture is not saved. <see cref="Load(string, int)"/> restores every value exactly. An existing file is
    /// replaced. If writing fails, the existing file is unchanged.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Saves the explanation as JSON to a stream. The stream stays open.</summary>
    /// <inheritdoc cref="Save(string)"/>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Utf8JsonWriter json = new(stream);
        new ExplanationWriter(json).Write(this);
    }

    /// <summary>
    /// Loads an explanation that <see cref="Save(string)"/> wrote. The loaded explanation has no picture; pass the
    /// picture to <see cref="Overlay(RgbImage, OverlayOptions?)"/>.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="maxBytes">
    /// The largest accepted file, in bytes. A larger file is rejected before it is read. The default is 256 MiB, which
    /// is enough for four maps of 2000 × 2000.
    /// </param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not a saved explanation, or it is larger than <paramref name="maxBytes"/>. If a field is invalid,
    /// the message names it.
    /// </exception>
    public static Explanation Load(string path, int maxBytes = ExplanationReader.UsualMaxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        return ExplanationReader.Read(file, $"'{path}'", maxBytes);
    }

    /// <summary>Loads an explanation from a stream. The stream is read to its end and stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maxBytes">
    /// The largest accepted length, in bytes. A longer stream is rejected. The default is 256 MiB.
    /// </param>
    /// <inheritdoc cref="Load(string, int)" path="/exception"/>
    public static Explanation Load(Stream stream, int maxBytes = ExplanationReader.UsualMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ExplanationReader.Read(stream, "The stream", maxBytes);
    }

    /// <summary>Returns the target, its probability, the method and its cost in one line.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string probability = Probability is { } p ? string.Create(culture, $" ({p:0.000})") : "";
        string passes = GradientPasses > 0 ? $"{Passes} passes, {GradientPasses} gradients" : $"{Passes} passes";
        string layers = Layers.Count == 0 ? "" : $", {string.Join(" + ", Layers.Select(layer => layer.Layer.Name))}";
        string warnings = Warnings.Count == 0 ? "" : $", {Warnings.Count} warnings";
        return string.Create(
            culture, $"{TargetName}{probability}: {Method}{layers}, {passes}, {Elapsed.TotalSeconds:0.00} s{warnings}");
    }
}

/// <summary>How the maps of several layers are combined into one map.</summary>
public enum LayerCombination
{
    /// <summary>The mean of the normalised maps, normalised again.</summary>
    Mean,

    /// <summary>The value of largest magnitude at each pixel, normalised again (the fusion of LayerCAM).</summary>
    Maximum,

    /// <summary>
    /// The product of the normalised maps, normalised again (RefineCAM). It keeps what all layers show.
    /// </summary>
    Product,
}
