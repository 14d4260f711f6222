using ScoreCam.Images;
using ScoreCam.Numerics;

namespace ScoreCam.Rendering;

/// <summary>Draws the contour line of a saliency map at a threshold.</summary>
public static class Contour
{
    /// <summary>Draws the contour on a copy of a picture, antialiased.</summary>
    /// <param name="picture">The original picture, or an overlay.</param>
    /// <param name="map">
    /// The map, with one finite value per pixel of the picture. See <see cref="Explanation.MapOnPicture"/>.
    /// </param>
    /// <param name="threshold">The value of the map along the line. The default is 0.5.</param>
    /// <param name="line">The colour and thickness; null uses the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The map and the picture differ in size, a value is not finite, or the thickness is not positive.
    /// </exception>
    public static RgbImage Draw(RgbImage picture, SaliencyMap map, float threshold = 0.5f, LineOptions? line = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        Overlay.RequireSize(picture, map);
        return (line ?? new()).Draw(picture, Segments(map, threshold));
    }

    /// <summary>Finds the line with marching squares between the pixel centres. The lines end at the border.</summary>
    internal static List<Segment> Segments(SaliencyMap map, float threshold)
    {
        if (!float.IsFinite(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Expected a finite value of the map.");
        if (Statistics.IndexOfNonFinite(map.Values) is var bad and >= 0)
            throw new ArgumentException(
                $"The map is {map.Values[bad]} at row {bad / map.Width}, column {bad % map.Width}; "
                + "expected finite numbers.",
                nameof(map));

        List<Segment> segments = [];
        ReadOnlySpan<float> values = map.Values;
        for (int y = 0; y + 1 < map.Height; y++)
            for (int x = 0; x + 1 < map.Width; x++)
            {
                ReadOnlySpan<float> above = values[((y * map.Width) + x)..], below = above[map.Width..];
                AddSquare(segments, x + 0.5f, y + 0.5f, (above[0], above[1], below[1], below[0]), threshold);
            }
        return segments;
    }

    // The corners of a square are given clockwise from its top left.
    private static void AddSquare(
        List<Segment> segments, float x, float y, (float A, float B, float C, float D) corners, float threshold)
    {
        (float a, float b, float c, float d) = corners;
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
            // At a saddle, the mean decides which two opposite corners are connected. The lines cut off the other two.
            bool cutsBAndD = insideA == ((a + b + c + d) / 4 >= threshold);
            Add(crossings[0], crossings[cutsBAndD ? 1 : 3]);
            Add(crossings[2], crossings[cutsBAndD ? 3 : 1]);
        }

        float Crossing(float from, float to) => (threshold - from) / (to - from);
        void Add((float X, float Y) from, (float X, float Y) to) => segments.Add(new(from.X, from.Y, to.X, to.Y));
    }
}
