using ScoreCam.Numerics;

namespace ScoreCam.Evaluation;

/// <summary>
/// Orders the pixels of a map from the largest value to the smallest. A seed determines the order of equal values, so
/// that a plateau is not removed row by row from its top.
/// </summary>
internal sealed class PixelOrder
{
    public PixelOrder(ReadOnlySpan<float> map, int seed)
    {
        Pixels = [.. Enumerable.Range(0, map.Length)];
        new SeededRandom(seed).Shuffle(Pixels);
        // A stable sort keeps the shuffled order of equal values.
        float[] values = map.ToArray();
        Pixels = [.. Pixels.OrderByDescending(pixel => values[pixel])];

        int tied = 0;
        for (int i = 0; i < Pixels.Length; i++)
            if (IsEqual(i, i - 1) || IsEqual(i, i + 1))
                tied++;
        TiedShare = (double)tied / Pixels.Length;

        bool IsEqual(int rank, int other) =>
            (uint)other < (uint)Pixels.Length && values[Pixels[rank]] == values[Pixels[other]];
    }

    /// <summary>The row-major indices of the pixels, in this order.</summary>
    public int[] Pixels { get; }

    /// <summary>The fraction of the pixels whose value equals the value of another pixel, 0…1.</summary>
    public double TiedShare { get; }
}
