using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx;

/// <summary>Values of tensors of ONNX Runtime as float32, whatever floating-point type they have.</summary>
internal static class TensorValues
{
    /// <summary>Reads the first <c>destination.Length</c> values from <paramref name="start"/> on.</summary>
    public static void Read(OrtValue tensor, int start, Span<float> destination)
    {
        TensorElementType type = tensor.GetTensorTypeAndShape().ElementDataType;
        switch (type)
        {
            case TensorElementType.Float:
                tensor.GetTensorDataAsSpan<float>().Slice(start, destination.Length).CopyTo(destination);
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(
                    MemoryMarshal.Cast<Float16, Half>(tensor.GetTensorDataAsSpan<Float16>()).Slice(start, destination.Length), destination);
                break;
            case TensorElementType.Double:
                TensorPrimitives.ConvertTruncating<double, float>(tensor.GetTensorDataAsSpan<double>().Slice(start, destination.Length), destination);
                break;
            default:
                throw new UnsupportedModelException($"A tensor of type {type} was read where floating-point numbers were expected.");
        }
    }

    public static long[] Shape(OrtValue tensor) => tensor.GetTensorTypeAndShape().Shape;
}
