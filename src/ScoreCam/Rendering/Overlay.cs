using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>Draws a saliency map over its picture.</summary>
public static class Overlay
{
    /// <summary>
    /// Blends the colours of a map into a copy of a picture. The blending uses sRGB bytes without linearisation.
    /// </summary>
    /// <param name="picture">The original picture.</param>
    /// <param name="map">
    /// The map, with one value per pixel of the picture: 0…1, or −1…1 with <see cref="OverlayOptions.Signed"/>. See
    /// <see cref="SaliencyMap.OnPicture"/>. Other values are clamped.
    /// </param>
    /// <param name="options">The colours and opacity; null uses the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The map and the picture differ in size, the map contains NaN, or the opacity is not in 0…1.
    /// </exception>
    public static RgbImage Draw(RgbImage picture, SaliencyMap map, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new();
        if (options.Opacity is not (>= 0 and <= 1))
            throw new ArgumentException($"OverlayOptions.Opacity is {options.Opacity}; expected 0…1.", nameof(options));
        RequireSize(picture, map);

        Colormap colormap = options.UsedColormap;
        ReadOnlySpan<byte> source = picture.Pixels;
        byte[] pixels = new byte[source.Length];
        for (int i = 0; i < map.Values.Length; i++)
        {
            float value = map.Values[i];
            RequireNumber(map, i);
            (byte red, byte green, byte blue) = colormap.Map(options.Signed ? (value + 1) / 2 : value);
            float opacity = options.OpacityOf(value);
            pixels[3 * i] = Blend(source[3 * i], red, opacity);
            pixels[(3 * i) + 1] = Blend(source[(3 * i) + 1], green, opacity);
            pixels[(3 * i) + 2] = Blend(source[(3 * i) + 2], blue, opacity);
        }

        return new RgbImage(picture.Width, picture.Height, pixels);
    }

    /// <exception cref="ArgumentException">The map and the picture differ in size.</exception>
    internal static void RequireSize(RgbImage picture, SaliencyMap map)
    {
        if ((map.Width, map.Height) != (picture.Width, picture.Height))
            throw new ArgumentException(
                $"The map has {map.Width} × {map.Height} values and the picture {picture.Width} × {picture.Height} "
                + "pixels. Map it to the picture with SaliencyMap.OnPicture.",
                nameof(map));
    }

    /// <exception cref="ArgumentException">The value is NaN.</exception>
    internal static void RequireNumber(SaliencyMap map, int index)
    {
        if (float.IsNaN(map.Values[index]))
            throw new ArgumentException(
                $"The map is NaN at row {index / map.Width}, column {index % map.Width}; expected a number.",
                nameof(map));
    }

    internal static byte Blend(byte below, byte above, float opacity) =>
        (byte)(below + (opacity * (above - below)) + 0.5f);
}
