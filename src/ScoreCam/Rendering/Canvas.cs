using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>A line between two points in pixels. The centre of the first pixel is 0.5.</summary>
internal readonly record struct Segment(float X1, float Y1, float X2, float Y2)
{
    public float Left => Math.Min(X1, X2);

    public float Right => Math.Max(X1, X2);

    public float Top => Math.Min(Y1, Y2);

    public float Bottom => Math.Max(Y1, Y2);

    public float DistanceTo(float x, float y)
    {
        (float dx, float dy) = (X2 - X1, Y2 - Y1);
        float length = (dx * dx) + (dy * dy);
        float t = length == 0 ? 0 : Math.Clamp((((x - X1) * dx) + ((y - Y1) * dy)) / length, 0, 1);
        return MathF.Sqrt(Square(x - X1 - (t * dx)) + Square(y - Y1 - (t * dy)));
    }

    private static float Square(float value) => value * value;
}

/// <summary>
/// A picture to draw on: other pictures, text, and antialiased lines with round ends. Drawing is clipped to the canvas.
/// </summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    private Canvas(int width, int height, byte[] pixels) => (Width, Height, _pixels) = (width, height, pixels);

    public int Width { get; }

    public int Height { get; }

    /// <exception cref="ArgumentException">The canvas is too large for an array.</exception>
    public static Canvas White(long width, long height)
    {
        if (3 * width * height > Array.MaxLength)
            throw new ArgumentException(
                $"A figure of {width} × {height} pixels is more than an array holds; "
                + "take fewer rows, or a smaller FigureOptions.PanelHeight.");
        byte[] pixels = new byte[3 * width * height];
        Array.Fill(pixels, byte.MaxValue);
        return new((int)width, (int)height, pixels);
    }

    public static Canvas On(RgbImage picture) => new(picture.Width, picture.Height, picture.Pixels.ToArray());

    /// <summary>Returns the picture. The canvas must not be used afterwards.</summary>
    public RgbImage ToImage() => new(Width, Height, _pixels);

    public void Paste(RgbImage picture, int x, int y)
    {
        int columns = Math.Min(picture.Width, Width - x);
        for (int row = 0; row < Math.Min(picture.Height, Height - y); row++)
        {
            ReadOnlySpan<byte> pixels = picture.Pixels.Slice(3 * row * picture.Width, 3 * columns);
            pixels.CopyTo(_pixels.AsSpan(3 * (((y + row) * Width) + x)));
        }
    }

    /// <summary>Draws one line of text. The weight is the thickness of a stroke as a fraction of the height.</summary>
    public void Text(
        string text,
        float x,
        float baseline,
        float capHeight,
        (byte Red, byte Green, byte Blue) color,
        float weight = 0.12f) =>
        Stroke(TextStrokes.Of(text, x, baseline, capHeight), weight * capHeight, color);

    /// <summary>Draws lines as one shape. Pixels where lines overlap are blended once.</summary>
    public void Stroke(
        IReadOnlyList<Segment> lines, float thickness, (byte Red, byte Green, byte Blue) color, float opacity = 1)
    {
        if (lines.Count == 0)
            return;
        float reach = (thickness / 2) + 0.5f;
        (int left, int right) = Range(lines.Min(l => l.Left), lines.Max(l => l.Right), reach, Width);
        (int top, int bottom) = Range(lines.Min(l => l.Top), lines.Max(l => l.Bottom), reach, Height);
        if (left >= right || top >= bottom)
            return;
        int stride = right - left;
        float[] coverage = new float[stride * (bottom - top)];
        foreach (Segment line in lines)
        {
            (int x1, int x2) = Range(line.Left, line.Right, reach, Width);
            (int y1, int y2) = Range(line.Top, line.Bottom, reach, Height);
            for (int y = y1; y < y2; y++)
                for (int x = x1; x < x2; x++)
                {
                    ref float covered = ref coverage[((y - top) * stride) + x - left];
                    float distance = line.DistanceTo(x + 0.5f, y + 0.5f);
                    // A line thinner than a pixel does not cover any pixel completely.
                    covered = Math.Max(covered, Math.Clamp(reach - distance, 0, Math.Min(1, thickness)));
                }
        }

        for (int i = 0; i < coverage.Length; i++)
            if (coverage[i] > 0)
                Blend(left + (i % stride), top + (i / stride), color, opacity * coverage[i]);
    }

    private void Blend(int x, int y, (byte Red, byte Green, byte Blue) color, float opacity)
    {
        int i = 3 * ((y * Width) + x);
        _pixels[i] = Overlay.Blend(_pixels[i], color.Red, opacity);
        _pixels[i + 1] = Overlay.Blend(_pixels[i + 1], color.Green, opacity);
        _pixels[i + 2] = Overlay.Blend(_pixels[i + 2], color.Blue, opacity);
    }

    // The first pixel that a line of this reach can touch, and the first pixel after it that the line cannot touch.
    private static (int From, int To) Range(float low, float high, float reach, int side) =>
        ((int)Math.Clamp(MathF.Floor(low - reach), 0, side), (int)Math.Clamp(MathF.Ceiling(high + reach), 0, side));
}
