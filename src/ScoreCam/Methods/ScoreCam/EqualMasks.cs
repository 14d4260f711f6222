using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Finds channels that share one mask, so that the mask is scored only once. Two channels share a mask if their maps
/// are bit-identical, or if their maps are bit-identical after min–max and the mask depends only on that shape. Deep
/// layers have many channels that are active at a single position, and such channels share a mask. If maps are
/// interpolated before min–max, an offset rounds differently. In this case, only maps with a minimum of 0 are compared
/// by shape, and their masks differ by at most the last bit. Immutable.
/// </summary>
internal sealed class EqualMasks
{
    private readonly int[] _first;

    public EqualMasks(ActivationMaps maps, MaskRule rule)
    {
        int length = maps.Height * maps.Width;
        float[] keys = ArrayPool<float>.Shared.Rent(maps.Channels * length);
        _first = new int[maps.Channels];
        var seen = new Dictionary<int, int>(maps.Channels, new SameBits(keys, length));
        for (int k = 0; k < maps.Channels; k++)
        {
            Span<float> key = keys.AsSpan(k * length, length);
            maps[k].CopyTo(key);
            bool isByShape = rule == MaskRule.MinMaxThenUpsample
                || (rule != MaskRule.Tanh && TensorPrimitives.Min<float>(key) == 0);
            if (isByShape && !maps.IsDead(k))
                Statistics.NormalizeMinMax(key, rule == MaskRule.UpsampleThenMinMax ? 0 : Masks.Epsilon);
            _first[k] = seen.TryAdd(k, k) ? k : seen[k];
        }
        ArrayPool<float>.Shared.Return(keys);
    }

    /// <summary>Returns the first channel with the same mask, which can be the channel itself.</summary>
    public int FirstLike(int channel) => _first[channel];

    private sealed class SameBits(float[] keys, int length) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => Bits(x).SequenceEqual(Bits(y));

        public int GetHashCode(int k)
        {
            var hash = new HashCode();
            hash.AddBytes(Bits(k));
            return hash.ToHashCode();
        }

        private ReadOnlySpan<byte> Bits(int k) => MemoryMarshal.AsBytes(keys.AsSpan(k * length, length));
    }
}
