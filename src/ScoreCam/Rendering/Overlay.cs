using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>Draws a saliency map over the picture that it explains.</summary>
public static class Overlay
{
    /// <summary>The picture with the map's colours blended in, in plain sRGB bytes; the picture is not changed.</summary>
    /// <param name="picture">The original.</param>
    /// <param name="map">Values 0…1, or −1…1 where the options say so (others are clamped), one per pixel of the picture: see <see cref="SaliencyMap.OnPicture"/>.</param>
    /// <param name="options">Colours and opacity; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The map has another size than the picture, holds a NaN, or the opacity is not 0…1.</exception>
    public static RgbImage Draw(RgbImage picture, SaliencyMap map, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new();
        if (options.Opacity is not (>= 0 and <= 1))
            throw new ArgumentException($"OverlayOptions.Opacity is {options.Opacity}; expected 0…1.", nameof(options));
        if ((map.Width, map.Height) != (picture.Width, picture.Height))
            throw new ArgumentException(
                $"The map has {map.Width} × {map.Height} values, the picture {picture.Width} × {picture.Height} pixels; bring it there with SaliencyMap.OnPicture.", nameof(map));

        ReadOnlySpan<byte> source = picture.Pixels;
        byte[] pixels = new byte[source.Length];
        for (int i = 0; i < map.Values.Length; i++)
        {
            float value = map.Values[i];
            if (float.IsNaN(value))
                throw new ArgumentException($"The map is NaN at row {i / map.Width}, column {i % map.Width}; expected a number.", nameof(map));
            (byte red, byte green, byte blue) = options.ColorOf(value);
            float opacity = options.OpacityFollowsMap ? options.Opacity * Math.Min(Math.Abs(options.Signed ? value : Math.Max(value, 0)), 1) : options.Opacity;
            pixels[3 * i] = Blend(source[3 * i], red, opacity);
            pixels[(3 * i) + 1] = Blend(source[(3 * i) + 1], green, opacity);
            pixels[(3 * i) + 2] = Blend(source[(3 * i) + 2], blue, opacity);
        }

        return new RgbImage(picture.Width, picture.Height, pixels);
    }

    internal static byte Blend(byte below, byte above, float opacity) => (byte)(below + (opacity * (above - below)) + 0.5f);
}
