using ScoreCam.IO;

namespace ScoreCam.Fuzz.Targets;

/// <summary>Arrays of NumPy.</summary>
internal sealed class NpyTarget : FuzzTarget
{
    private static readonly string[] Headers =
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }",
        "{'descr': '<f2', 'fortran_order': False, 'shape': (), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }",
        "{'shape': (20000,), 'fortran_order': False, 'descr': '<f4'}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }",
    ];

    public override string Name => "npy";

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [.. from version in new byte[] { 1, 2, 3 } from header in Headers select File(version, header)];

    /// <summary>Values become floats in an array that doubles as it grows. There is also a buffer of 128 KiB.</summary>
    public override long AllowedBytes(int length) => (1 << 19) + (16L * length);

    public override byte[] Mutate(byte[] seed, Random random) => Mutations.TextMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file)
    {
        NpyArray array = NpyArray.Load(new MemoryStream(file));
        using MemoryStream again = new();
        array.Save(again);
        again.Position = 0;
        NpyArray same = NpyArray.Load(again);
        if (!same.Shape.SequenceEqual(array.Shape)
            || !System.Runtime.InteropServices.MemoryMarshal.AsBytes(same.Values)
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(array.Values)))
            throw new FuzzFailure("Saved and loaded, it is another array.");
    }

    public override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    private static byte[] File(byte version, string header)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. version == 1 ? length[..2] : length, .. text,
            .. Enumerable.Range(0, header.Contains("20000") ? 80_000 : 40).Select(i => (byte)(i * 37))];
    }
}
