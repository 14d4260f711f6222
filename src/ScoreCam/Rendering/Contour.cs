using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Rendering;

/// <summary>Draws the line along which a saliency map crosses a threshold.</summary>
public static class Contour
{
    /// <summary>The picture with the contour drawn on it, antialiased; the picture is not changed.</summary>
    /// <param name="picture">The original, or an overlay.</param>
    /// <param name="map">Finite values, one per pixel of the picture: see <see cref="Explanation.MapOnPicture"/>.</param>
    /// <param name="threshold">Value of the map along the line. Default 0.5.</param>
    /// <param name="line">Colour and thickness; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The map has another size than the picture, or a value is not finite; the thickness is not positive.</exception>
    public static RgbImage Draw(RgbImage picture, SaliencyMap map, float threshold = 0.5f, LineOptions? line = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        if ((map.Width, map.Height) != (picture.Width, picture.Height))
            throw new ArgumentException(
                $"The map has {map.Width} × {map.Height} values, the picture {picture.Width} × {picture.Height} pixels; bring it there with SaliencyMap.OnPicture.", nameof(map));
        return (line ?? new()).Draw(picture, Segments(map, threshold));
    }

    /// <summary>Marching squares between the centres of the pixels. Lines end at the picture's border.</summary>
    internal static List<Segment> Segments(SaliencyMap map, float threshold)
    {
        if (!float.IsFinite(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Expected a finite value of the map.");
        if (Statistics.IndexOfNonFinite(map.Values) is var bad and >= 0)
            throw new ArgumentException($"The map is {map.Values[bad]} at row {bad / map.Width}, column {bad % map.Width}; expected finite numbers.", nameof(map));

        List<Segment> segments = [];
        ReadOnlySpan<float> values = map.Values;
        for (int y = 0; y + 1 < map.Height; y++)
            for (int x = 0; x + 1 < map.Width; x++)
            {
                int i = (y * map.Width) + x;
                AddSquare(segments, x + 0.5f, y + 0.5f, values[i], values[i + 1], values[i + map.Width + 1], values[i + map.Width], threshold);
            }
        return segments;
    }

    // The values a, b, c, d stand clockwise at the corners of a square, from its top left.
    private static void AddSquare(List<Segment> segments, float x, float y, float a, float b, float c, float d, float threshold)
    {
        bool insideA = a >= threshold, insideB = b >= threshold, insideC = c >= threshold, insideD = d >= threshold;
        Span<(float X, float Y)> crossings = stackalloc (float, float)[4];
        int count = 0;
        if (insideA != insideB)
            crossings[count++] = (x + Crossing(a, b), y);
        if (insideB != insideC)
            crossings[count++] = (x + 1, y + Crossing(b, c));
        if (insideC != insideD)
            crossings[count++] = (x + Crossing(d, c), y + 1);
        if (insideD != insideA)
            crossings[count++] = (x, y + Crossing(a, d));

        if (count == 2)
            Add(crossings[0], crossings[1]);
        else if (count == 4)
        {
            // A saddle: the mean decides which pair of corners belongs together. The lines cut off the other two.
            bool cutsBAndD = insideA == ((a + b + c + d) / 4 >= threshold);
            Add(crossings[0], crossings[cutsBAndD ? 1 : 3]);
            Add(crossings[2], crossings[cutsBAndD ? 3 : 1]);
        }

        float Crossing(float from, float to) => (threshold - from) / (to - from);
        void Add((float X, float Y) from, (float X, float Y) to) => segments.Add(new(from.X, from.Y, to.X, to.Y));
    }
}
