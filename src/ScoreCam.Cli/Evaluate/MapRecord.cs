using System.Buffers.Binary;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// A small map in the orientation of the picture, with rows from top to bottom. Each value has two bytes, the lower
/// byte first, and 65535 means 1.
/// </summary>
internal sealed record MapRecord(int Width, int Height, byte[] Values)
{
    public static MapRecord Of(Explanation explanation) => Of(ComparedMap.OnPicture(explanation));

    public static MapRecord Of(SaliencyMap map)
    {
        byte[] values = new byte[2 * map.Values.Length];
        for (int i = 0; i < map.Values.Length; i++)
        {
            ushort value = (ushort)MathF.Round(ushort.MaxValue * Math.Clamp(map.Values[i], 0, 1));
            BinaryPrimitives.WriteUInt16LittleEndian(values.AsSpan(2 * i), value);
        }
        return new(map.Width, map.Height, values);
    }

    public SaliencyMap ToMap()
    {
        float[] values = new float[Values.Length / 2];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadUInt16LittleEndian(Values.AsSpan(2 * i)) / (float)ushort.MaxValue;
        return new(Width, Height, values);
    }
}
