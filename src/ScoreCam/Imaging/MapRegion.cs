namespace ScoreCam.Imaging;

/// <summary>A connected region of a map in which every value is at least a threshold.</summary>
public readonly record struct MapRegion
{
    /// <summary>The smallest rectangle around it, in the map's pixels.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>Number of pixels.</summary>
    public required int Area { get; init; }

    /// <summary>The regions of a map, the largest first, equals from top to bottom. Pixels are neighbours above, below, left and right.</summary>
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
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                if (x > 0)
                    Visit(i - 1);
                if (x + 1 < map.Width)
                    Visit(i + 1);
                if (y > 0)
                    Visit(i - map.Width);
                if (y + 1 < map.Height)
                    Visit(i + map.Width);
            }
            regions.Add(new() { Area = area, Box = new() { X = left, Y = top, Width = right - left + 1, Height = bottom - top + 1 } });
        }
        // OrderBy is stable: equals keep the order in which they were found.
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
