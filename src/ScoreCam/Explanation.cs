using ScoreCam.Imaging;

namespace ScoreCam;

/// <summary>Why the network scored a target as it did: a saliency map and what it was computed from. Immutable and thread-safe.</summary>
public class Explanation
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

    /// <summary>True for signed evidence: the map is −1…1, negative where something speaks against the target. False for 0…1.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The normalised map, 0…1 (−1…1 where <see cref="IsSigned"/>), in input coordinates. All zeros where nothing speaks for the target (with a warning).</summary>
    public required SaliencyMap Map { get; init; }

    /// <summary>The weighted sum before ReLU and normalisation, at the resolution in which it was summed; of several layers, the mean of their normalised maps.</summary>
    public required SaliencyMap RawMap { get; init; }

    /// <summary>The original picture; null where only a tensor was given.</summary>
    public RgbImage? Picture { get; init; }

    /// <summary>How the original picture lies in the network's input.</summary>
    public required PictureMapping Mapping { get; init; }

    /// <summary>What a reader should know before trusting the map; empty where there is nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Time of explaining, without loading. One sweep serves all targets of a call, so they share it.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>SHA-256 of the model's bytes, in lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Version of ScoreCam that computed it.</summary>
    public string Version { get; init; } = LibraryVersion.Current;

    /// <summary>The normalised map in the coordinates of the original picture (of the tensor where only a tensor was given): 0 where the picture was cropped away.</summary>
    public SaliencyMap MapOnPicture() => Map.OnPicture(Mapping);

    /// <summary>The original picture, at its full size, with the map drawn over it.</summary>
    /// <param name="options">Colours and opacity; null takes the defaults.</param>
    /// <exception cref="InvalidOperationException">There is no picture, since a tensor was explained.</exception>
    /// <exception cref="ArgumentException">The opacity is not 0…1.</exception>
    public RgbImage Overlay(OverlayOptions? options = null) =>
        Imaging.Overlay.Draw(
            Picture ?? throw new InvalidOperationException("There is no picture to draw on, since a tensor was explained; explain an RgbImage instead, or draw MapOnPicture() on a picture with Imaging.Overlay.Draw."),
            MapOnPicture(),
            options);
}
