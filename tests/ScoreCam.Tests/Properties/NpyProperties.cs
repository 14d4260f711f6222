using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using FluentAssertions;
using ScoreCam.IO;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>Arrays of every shape and of every bit pattern, and headers as any writer of .npy may write them.</summary>
public class NpyProperties
{
    private static readonly Gen<uint> Bits = Gen.Frequency(
        (3, Gen.UInt), (2, Gen.UInt.Uniform),
        // Quiet and signalling NaN with a payload, infinities, −0, the smallest and the largest denormal number.
        (1, Gen.OneOf(0x7fc12345u, 0x7f800001u, 0xffc00000u, 0xffbfffffu, 0x7f800000u, 0xff800000u, 0x80000000u, 1u,
            0x007fffffu)));

    private static readonly Gen<int[]> Shape =
        Gen.OneOf(Gen.Int[0, 5].Array[0, 5], Gen.Int[0, 40_000].Array[1], Gen.Int[1, 1].Array[6, 32]);

    private static readonly Gen<(int[] Shape, uint[] Bits)> Array =
        Shape.SelectMany(shape => Bits.Array[Count(shape)], (shape, bits) => (shape, bits));

    [Fact]
    public void A_loaded_array_has_the_bits_of_the_saved_one() => Array.Sample((shape, bits) =>
    {
        using MemoryStream file = new();
        new NpyArray(shape, MemoryMarshal.Cast<uint, float>(bits)).Save(file);
        byte[] bytes = file.ToArray();
        int header = 10 + BitConverter.ToUInt16(bytes, 8);
        (header % 64, bytes[header - 1], bytes.Length).Should().Be((0, (byte)'\n', header + (4 * bits.Length)));
        MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(header)).SequenceEqual(bits).Should().BeTrue();

        file.Position = 0;
        NpyArray loaded = NpyArray.Load(file);
        loaded.Shape.Should().Equal(shape);
        MemoryMarshal.Cast<float, uint>(loaded.Values).SequenceEqual(bits).Should().BeTrue();
    });

    [Fact]
    public void Headers_are_read_however_they_are_written() =>
        Gen.Select(Array.Where(array => array.Bits.Length < 200), Gen.OneOf(2, 4, 8), Gen.Int[1, 3], Gen.Int[0, 5],
            Gen.OneOf('\'', '"'), Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]), Gen.Int[0, 100], Gen.Bool).Sample(
            (array, size, version, order, quote, spaces, padding, comma) =>
            {
                string gap = new(' ', spaces.Item1),
                    dimensions = string.Join($",{new string(' ', spaces.Item2)}", array.Shape)
                    + (array.Shape.Length == 1 || (comma && array.Shape.Length > 0) ? "," : "");
                string[] entries = [$"descr{quote}{gap}:{gap}{quote}<f{size}{quote}",
                    $"fortran_order{quote}:{gap}False", $"shape{quote}:{gap}({dimensions})"];
                int[] places = order switch
                {
                    0 => [0, 1, 2],
                    1 => [0, 2, 1],
                    2 => [1, 0, 2],
                    3 => [1, 2, 0],
                    4 =>
                    [2, 0, 1],
                    _ => [2, 1, 0]
                };
                string header = "{" + string.Join($",{gap}", places.Select(place => quote + entries[place]))
                    + (comma ? ", }" : "}") + new string(' ', padding) + "\n";
                byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length)
                    : BitConverter.GetBytes(header.Length);
                float[] values = [.. array.Bits.Select(BitConverter.UInt32BitsToSingle)];
                byte[] data = [.. values.SelectMany(value =>
                    size switch { 2 => BitConverter.GetBytes((Half)value), 4 => BitConverter.GetBytes(value), _ =>
                    BitConverter.GetBytes((double)value) })];

                NpyArray loaded = NpyArray.Load(
                    new MemoryStream([0x93, .. "NUMPY"u8, (byte)version, 0, .. length,
                    .. Encoding.ASCII.GetBytes(header), .. data]));
                loaded.Shape.Should().Equal(array.Shape);
                loaded.Values.ToArray().Should().Equal(size == 2 ? values.Select(value => (float)(Half)value) : values);
            });

    private static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);
}
