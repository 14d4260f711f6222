namespace ScoreCam.Images;

/// <summary>Interpolation used when a picture is resized.</summary>
public enum ResampleFilter
{
    /// <summary>Triangle filter, widened when shrinking (Pillow's BILINEAR).</summary>
    Bilinear,

    /// <summary>Cubic filter with a = −0.5, widened when shrinking (Pillow's BICUBIC).</summary>
    Bicubic,
}
