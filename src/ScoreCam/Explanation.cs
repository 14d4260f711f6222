using System.Globalization;
using System.Text.Json;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.IO.Explanations;
using ScoreCam.Rendering;

namespace ScoreCam;

/// <summary>
/// A saliency map that shows why the network scored a target as it did, with the evidence. Immutable and thread-safe.
/// </summary>
public sealed class Explanation
{
    /// <summary>Name of the method, for example <c>Score-CAM (Paper)</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Name of what is explained: the class, or the target's own name.</summary>
    public required string TargetName { get; init; }

    /// <summary>Index of the class that is explained; null where the target is not one class.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>Logit of the class on the whole picture; null where the target is not one class.</summary>
    public float? Logit { get; init; }

    /// <summary>Probability of the class on the whole picture, 0…1; null where the target is not one class.</summary>
    public float? Probability { get; init; }

    /// <summary>
    /// True for signed evidence: the map is −1…1, negative where something speaks against the target. False for 0…1.
    /// </summary>
    public bool IsSigned { get; init; }

    /// <summary>
    /// The normalised map, 0…1 (−1…1 where <see cref="IsSigned"/>), in input coordinates. If nothing speaks for the
    /// target, it is all zeros and a warning says so.
    /// </summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>
    /// The map before ReLU and normalisation, at the resolution of the method. For several layers it is the
    /// combination of their normalised maps.
    /// </summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>
    /// One entry per explained layer, in the order asked for; empty for methods that read no layer. With several
    /// layers, the explanation's own map is their <see cref="Combination"/>.
    /// </summary>
    public IReadOnlyList<LayerEvidence> Layers { get; init; } = [];

    /// <summary>How the maps of several layers were combined.</summary>
    public LayerCombination Combination { get; init; }

    /// <summary>
    /// Runs of the network, or of its part after a layer, on changed pictures or activations, over all layers. The
    /// first run, on the picture itself, is not counted. The all-zero picture is counted wherever its score is used,
    /// although the network sees it once per model.
    /// </summary>
    public int Passes { get; init; }

    /// <summary>
    /// Pictures, or activations of a layer, at which gradients were computed, one for each target and layer.
    /// </summary>
    public int GradientPasses { get; init; }

    /// <summary>
    /// How far the values of an attribution miss the sum that they must have, as a share of it: 0.01 is one per cent.
    /// Integrated Gradients and FullGrad have it; null for other methods. Several baselines give the largest error.
    /// </summary>
    public float? CompletenessError { get; init; }

    /// <summary>
    /// The loss of an optimised mask before the first iteration and after each one; empty for methods that do not
    /// optimise.
    /// </summary>
    public IReadOnlyList<float> Losses { get; init; } = [];

    /// <summary>
    /// The original picture; null where only a tensor was given, and in an explanation that was loaded.
    /// </summary>
    public RgbImage? Picture { get; init; }

    /// <summary>How the original picture lies in the network's input.</summary>
    public required PictureMapping Mapping { get; init; }

    /// <summary>What a reader should know before trusting the map; empty where there is nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// Time of explaining, without loading. One sweep serves all targets of a call, so they share it.
    /// </summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>SHA-256 of the model's bytes, in lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Version of ScoreCam that computed it.</summary>
    public string Version { get; init; } = LibraryVersion.Current;

    /// <summary>
    /// The normalised map in the coordinates of the original picture (of the tensor where only a tensor was given). It
    /// is 0 where the picture was cropped away.
    /// </summary>
    public SaliencyMap MapOnPicture() => Map.OnPicture(Mapping);

    /// <summary>The original picture, at its full size, with the map drawn over it.</summary>
    /// <param name="options">Colours and opacity; null takes the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// There is no picture: a tensor was explained, or the explanation was loaded.
    /// </exception>
    /// <exception cref="ArgumentException">The opacity is not 0…1.</exception>
    public RgbImage Overlay(OverlayOptions? options = null) =>
        Overlay(Picture ?? throw new InvalidOperationException(
            "The explanation has no picture to draw on: a tensor was explained, or the explanation was loaded from a "
            + "file. Give the picture: Overlay(picture)."), options);

    /// <summary>
    /// A picture, at its full size, with the map drawn over it. For an explanation that was loaded, or that has no
    /// picture of its own.
    /// </summary>
    /// <param name="picture">
    /// The picture that was explained, at its original size; for a tensor, a picture of the input's size.
    /// </param>
    /// <param name="options">Colours and opacity; null takes the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The picture has another size than the one that was explained, or the opacity is not 0…1.
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
    /// Saves the explanation as JSON, with everything but the picture: maps, scores, weights, the model's SHA-256,
    /// versions. <see cref="Load(string, int)"/> gives an equal one, every float the same. An existing file is
    /// replaced; if writing fails, it stays as it was.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Saves to a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(string)"/>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Utf8JsonWriter json = new(stream);
        new ExplanationWriter(json).Write(this);
    }

    /// <summary>
    /// Loads what <see cref="Save(string)"/> wrote. It has no picture; give it to
    /// <see cref="Overlay(RgbImage, OverlayOptions?)"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">
    /// A larger file is refused before it is read. Default: 256 MiB, in which four maps of 2000 × 2000 fit.
    /// </param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not a saved explanation (the message names the field), or has more than <paramref name="maxBytes"/>.
    /// </exception>
    public static Explanation Load(string path, int maxBytes = ExplanationReader.UsualMaxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        return ExplanationReader.Read(file, $"'{path}'", maxBytes);
    }

    /// <summary>Loads from a stream, read to its end; it stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maxBytes">A longer stream is refused. Default: 256 MiB.</param>
    /// <inheritdoc cref="Load(string, int)" path="/exception"/>
    public static Explanation Load(Stream stream, int maxBytes = ExplanationReader.UsualMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ExplanationReader.Read(stream, "The stream", maxBytes);
    }

    /// <summary>The target, its probability, the method and its cost in one line.</summary>
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

/// <summary>How the maps of several layers become one.</summary>
public enum LayerCombination
{
    /// <summary>The mean of the normalised maps, normalised again.</summary>
    Mean,

    /// <summary>At each pixel the value of largest magnitude, normalised again (LayerCAM's fusion).</summary>
    Maximum,

    /// <summary>The product of the normalised maps, normalised again (RefineCAM): what all layers show.</summary>
    Product,
}
