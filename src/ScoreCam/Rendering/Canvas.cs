using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>A line from one point to another, in pixels; the centre of the first pixel is 0.5.</summary>
internal readonly record struct Segment(float X1, float Y1, float X2, float Y2)
{
    public float DistanceTo(float x, float y)
    {
        (float dx, float dy) = (X2 - X1, Y2 - Y1);
        float length = (dx * dx) + (dy * dy);
        float t = length == 0 ? 0 : Math.Clamp((((x - X1) * dx) + ((y - Y1) * dy)) / length, 0, 1);
        return MathF.Sqrt(Square(x - X1 - (t * dx)) + Square(y - Y1 - (t * dy)));
    }

    private static float Square(float value) => value * value;
}

/// <summary>A picture that is being drawn: rectangles, other pictures, and antialiased lines with round ends. What lies outside is cut off.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    private Canvas(int width, int height, byte[] pixels) => (Width, Height, _pixels) = (width, height, pixels);

    public int Width { get; }

    public int Height { get; }

    public static Canvas White(int width, int height)
    {
        byte[] pixels = new byte[Resampler.ByteCount(width, height)];
        Array.Fill(pixels, byte.MaxValue);
        return new(width, height, pixels);
    }

    public static Canvas On(RgbImage picture) => new(picture.Width, picture.Height, picture.Pixels.ToArray());

    /// <summary>The picture; draw no more afterwards.</summary>
    public RgbImage ToImage() => new(Width, Height, _pixels);

    public void Paste(RgbImage picture, int x, int y)
    {
        int columns = Math.Min(picture.Width, Width - x);
        for (int row = 0; row < Math.Min(picture.Height, Height - y); row++)
            picture.Pixels.Slice(3 * row * picture.Width, 3 * columns).CopyTo(_pixels.AsSpan(3 * (((y + row) * Width) + x)));
    }

    public void Text(string text, float x, float baseline, float capHeight, (byte Red, byte Green, byte Blue) color, float weight = 0.14f) =>
        Stroke(TextStrokes.Of(text, x, baseline, capHeight), weight * capHeight, color);

    /// <summary>Draws lines as one shape: where they overlap nothing is drawn twice.</summary>
    public void Stroke(IReadOnlyList<Segment> lines, float thickness, (byte Red, byte Green, byte Blue) color, float opacity = 1)
    {
        if (lines.Count == 0)
            return;
        float reach = (thickness / 2) + 0.5f;
        (int left, int right) = Range(lines.Min(l => Math.Min(l.X1, l.X2)), lines.Max(l => Math.Max(l.X1, l.X2)), reach, Width);
        (int top, int bottom) = Range(lines.Min(l => Math.Min(l.Y1, l.Y2)), lines.Max(l => Math.Max(l.Y1, l.Y2)), reach, Height);
        if (left >= right || top >= bottom)
            return;
        float[] coverage = new float[(right - left) * (bottom - top)];
        foreach (Segment line in lines)
        {
            (int x1, int x2) = Range(Math.Min(line.X1, line.X2), Math.Max(line.X1, line.X2), reach, Width);
            (int y1, int y2) = Range(Math.Min(line.Y1, line.Y2), Math.Max(line.Y1, line.Y2), reach, Height);
            for (int y = y1; y < y2; y++)
                for (int x = x1; x < x2; x++)
                {
                    ref float covered = ref coverage[((y - top) * (right - left)) + x - left];
                    // A line thinner than a pixel covers no pixel wholly.
                    covered = Math.Max(covered, Math.Clamp(reach - line.DistanceTo(x + 0.5f, y + 0.5f), 0, Math.Min(1, thickness)));
                }
        }

        for (int i = 0; i < coverage.Length; i++)
            if (coverage[i] > 0)
                Blend(left + (i % (right - left)), top + (i / (right - left)), color, opacity * coverage[i]);
    }

    private void Blend(int x, int y, (byte Red, byte Green, byte Blue) color, float opacity)
    {
        int i = 3 * ((y * Width) + x);
        _pixels[i] = Overlay.Blend(_pixels[i], color.Red, opacity);
        _pixels[i + 1] = Overlay.Blend(_pixels[i + 1], color.Green, opacity);
        _pixels[i + 2] = Overlay.Blend(_pixels[i + 2], color.Blue, opacity);
    }

    // The pixels, from the first up to but not with the last, that a line of this reach may touch.
    private static (int From, int To) Range(float low, float high, float reach, int side) =>
        ((int)Math.Clamp(MathF.Floor(low - reach), 0, side), (int)Math.Clamp(MathF.Ceiling(high + reach), 0, side));
}
