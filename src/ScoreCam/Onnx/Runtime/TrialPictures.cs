using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// Trial pictures for a network. The expected input is unknown, so the pictures differ in pattern and in range.
/// </summary>
internal static class TrialPictures
{
    /// <summary>
    /// The number of pictures: zeros, and noise and waves in the ranges of normalised pictures, of 0…1 and of bytes.
    /// </summary>
    public const int Count = 6;

    /// <summary>Fills an input with a trial picture. The first is all zeros.</summary>
    public static void Fill(OrtValue input, TensorElementType type, int trial)
    {
        if (trial == 0)
        {
            input.GetTensorMutableRawData().Clear();
            return;
        }
        var random = new Random(trial);
        switch (type)
        {
            case TensorElementType.Float:
                Fill(input.GetTensorMutableDataAsSpan<float>(), i => Value(random, trial, i));
                break;
            case TensorElementType.Float16:
                Fill(input.GetTensorMutableDataAsSpan<Float16>(), i => (Float16)Value(random, trial, i));
                break;
            default:
                float factor = trial < 4 ? 60 : 1;
                Span<byte> bytes = input.GetTensorMutableDataAsSpan<byte>();
                Fill(bytes, i => (byte)Math.Clamp((Value(random, trial, i) * factor) + 64, 0, 255));
                break;
        }
    }

    private static void Fill<T>(Span<T> values, Func<int, T> value)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = value(i);
    }

    private static float Value(Random random, int trial, int index) => trial switch
    {
        1 => (4 * random.NextSingle()) - 2,
        2 => 2 * MathF.Sin(index / 9f),
        3 => random.NextSingle(),
        4 => 255 * random.NextSingle(),
        _ => 127 * (1 + MathF.Sin(index / 23f)),
    };
}
