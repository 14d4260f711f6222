using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>A connected region of a map in which all values are at or above a threshold.</summary>
public readonly record struct MapRegion
{
    /// <summary>The smallest rectangle around the region, in pixels of the map.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>The number of pixels in the region.</summary>
    public required int Area { get; init; }

    /// <summary>
    /// Finds the regions of a map, largest first. Regions of equal size are ordered from top to bottom. Pixels are
    /// connected if they share an edge or a corner.
    /// </summary>
    internal static List<MapRegion> Find(SaliencyMap map, float threshold)
    {
        List<MapRegion> regions = [];
        bool[] seen = new bool[map.Values.Length];
        Stack<int> open = new();
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start] || !(map.Values[start] >= threshold))
                continue;
            int area = 0, left = int.MaxValue, top = int.MaxValue, right = 0, bottom = 0;
            Visit(start);
            while (open.TryPop(out int i))
            {
                (int y, int x) = Math.DivRem(i, map.Width);
                area++;
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
                for (int row = Math.Max(0, y - 1); row <= Math.Min(map.Height - 1, y + 1); row++)
                    for (int column = Math.Max(0, x - 1); column <= Math.Min(map.Width - 1, x + 1); column++)
                        Visit((row * map.Width) + column);
            }
            PixelBox box = new() { X = left, Y = top, Width = right - left + 1, Height = bottom - top + 1 };
            regions.Add(new() { Area = area, Box = box });
        }
        // OrderByDescending is stable.
        return [.. regions.OrderByDescending(region => region.Area)];

        void Visit(int i)
        {
            if (seen[i] || !(map.Values[i] >= threshold))
                return;
            seen[i] = true;
            open.Push(i);
        }
    }
}

/// <summary>A rectangle of pixels: columns <c>X … X + Width − 1</c>, rows <c>Y … Y + Height − 1</c>.</summary>
public readonly record struct PixelBox
{
    /// <summary>The first column.</summary>
    public required int X { get; init; }

    /// <summary>The first row.</summary>
    public required int Y { get; init; }

    /// <summary>The number of columns.</summary>
    public required int Width { get; init; }

    /// <summary>The number of rows.</summary>
    public required int Height { get; init; }

    /// <summary>
    /// Draws the antialiased outline of the box on a copy of a picture. Edges outside the picture are drawn at its
    /// border.
    /// </summary>
    /// <param name="picture">The picture whose pixel coordinates the box uses.</param>
    /// <param name="line">The colour and thickness; null uses the defaults.</param>
    /// <exception cref="ArgumentException">The thickness is not positive.</exception>
    public RgbImage DrawOn(RgbImage picture, LineOptions? line = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        line ??= new();
        // An edge along the picture's border is drawn inside the picture, so that it is visible.
        float inset = line.ThicknessOn(picture);
        float left = Math.Max(X, inset), right = Math.Min(X + (float)Width, picture.Width - inset);
        float top = Math.Max(Y, inset), bottom = Math.Min(Y + (float)Height, picture.Height - inset);
        Segment[] edges =
        [
            new(left, top, right, top), new(right, top, right, bottom),
            new(right, bottom, left, bottom), new(left, bottom, left, top),
        ];
        return line.Draw(picture, edges);
    }
}
