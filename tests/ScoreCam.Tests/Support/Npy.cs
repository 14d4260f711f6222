using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ScoreCam.Tests.Support;

/// <summary>A float32 array in numpy's file format, row-major.</summary>
internal sealed partial record Npy(int[] Shape, float[] Values)
{
    /// <summary>Values of one row of the first dimension.</summary>
    public ReadOnlySpan<float> this[int row] =>
        Values.AsSpan(row * (Values.Length / Shape[0]), Values.Length / Shape[0]);

    public static Npy Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        string header = Encoding.ASCII.GetString(bytes, 10, length);
        if (!header.Contains("'<f4'") || !header.Contains("'fortran_order': False"))
            throw new InvalidDataException($"'{path}' is not row-major float32: {header}");
        int[] shape = [.. Number().Matches(header[header.IndexOf('(')..]).Select(m => int.Parse(m.Value))];
        return new Npy(shape, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + length)).ToArray());
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
