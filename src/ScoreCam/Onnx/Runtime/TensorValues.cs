using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// A tensor of ONNX Runtime as float32 values, whatever its floating-point type is. The type and shape are read once,
/// and the values are read on each call. The caller keeps ownership of the tensor.
/// </summary>
internal sealed class TensorValues
{
    private readonly OrtValue _tensor;
    private readonly TensorElementType _type;

    public TensorValues(OrtValue tensor)
    {
        OrtTensorTypeAndShapeInfo info = tensor.GetTensorTypeAndShape();
        (_tensor, _type, Shape, Count) = (tensor, info.ElementDataType, info.Shape, checked((int)info.ElementCount));
    }

    public IReadOnlyList<long> Shape { get; }

    public int Count { get; }

    /// <summary>Reads all values.</summary>
    public TensorBatch ReadAll()
    {
        var values = new float[Count];
        Read(0, values);
        return new(values, Shape) { ElementType = _type };
    }

    /// <summary>Reads <c>destination.Length</c> values, beginning at <paramref name="start"/>.</summary>
    public void Read(int start, Span<float> destination)
    {
        switch (_type)
        {
            case TensorElementType.Float:
                _tensor.GetTensorDataAsSpan<float>().Slice(start, destination.Length).CopyTo(destination);
                break;
            case TensorElementType.Float16:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<Float16, Half>(_tensor.GetTensorDataAsSpan<Float16>());
                TensorPrimitives.ConvertToSingle(halves.Slice(start, destination.Length), destination);
                break;
            case TensorElementType.Double:
                ReadOnlySpan<double> doubles = _tensor.GetTensorDataAsSpan<double>();
                TensorPrimitives.ConvertTruncating(doubles.Slice(start, destination.Length), destination);
                break;
            default:
                throw new UnsupportedModelException(
                    $"A tensor of type {_type} was read where floating-point numbers were expected.");
        }
    }
}
