using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>A connected region of a map in which every value is at least a threshold.</summary>
public readonly record struct MapRegion
{
    /// <summary>The smallest rectangle around it, in the map's pixels.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>Number of pixels.</summary>
    public required int Area { get; init; }

    /// <summary>The regions of a map, the largest first, equals from top to bottom. Neighbours touch by an edge or a corner.</summary>
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
                for (int row = Math.Max(0, y - 1); row <= Math.Min(map.Height - 1, y + 1); row++)
                    for (int column = Math.Max(0, x - 1); column <= Math.Min(map.Width - 1, x + 1); column++)
                        Visit((row * map.Width) + column);
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
