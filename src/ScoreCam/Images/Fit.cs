namespace ScoreCam.Images;

/// <summary>How a picture is made to fit an input of another shape.</summary>
public enum Fit
{
    /// <summary>Both sides are resized; the whole picture is seen, its aspect ratio changes.</summary>
    Stretch,

    /// <summary>The shorter side is resized, the centre is kept (torchvision's Resize and CenterCrop).</summary>
    CenterCrop,

    /// <summary>The longer side is resized, the rest is filled with <see cref="Preprocessing.PadColor"/> (Pillow's ImageOps.pad).</summary>
    Letterbox,
}
