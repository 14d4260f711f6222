using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>The pixels of a map from the largest value to the smallest; equal ones in an order that a seed fixes, so that a plateau is not eaten from its top row.</summary>
internal sealed class PixelOrder
{
    public PixelOrder(ReadOnlySpan<float> map, int seed)
    {
        Pixels = [.. Enumerable.Range(0, map.Length)];
        new SeededRandom(seed).Shuffle(Pixels);
        // A stable sort keeps equals as they were shuffled.
        float[] values = map.ToArray();
        Pixels = [.. Pixels.OrderByDescending(pixel => values[pixel])];

        int tied = 0;
        for (int i = 0; i < Pixels.Length; i++)
            if ((i > 0 && values[Pixels[i]] == values[Pixels[i - 1]]) || (i + 1 < Pixels.Length && values[Pixels[i]] == values[Pixels[i + 1]]))
                tied++;
        TiedShare = (double)tied / Pixels.Length;
    }

    /// <summary>Row-major indices.</summary>
    public int[] Pixels { get; }

    /// <summary>Share of the pixels whose value another pixel has too, 0…1.</summary>
    public double TiedShare { get; }
}
