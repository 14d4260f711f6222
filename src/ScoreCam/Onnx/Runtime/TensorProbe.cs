using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Runtime;

/// <summary>Runs models on pictures of zeros to determine the types and shapes of their tensors.</summary>
/// <param name="factory">Opens sessions.</param>
/// <param name="shape">The shape of the input for a number of pictures.</param>
internal sealed class TensorProbe(SessionFactory factory, Func<int, long[]> shape)
{
    /// <summary>The longest accepted list of integers. Longer lists are data, not shapes or positions.</summary>
    private const long MostIntegers = 1 << 16;

    /// <summary>Runs the model once. Returns null if it cannot run on this number of pictures.</summary>
    /// <exception cref="UnsupportedModelException">ONNX Runtime rejects the model.</exception>
    public IReadOnlyDictionary<string, TensorSample>? Run(byte[] model, int batch)
    {
        // Shapes do not need an optimised graph, and an unoptimised graph opens faster.
        using InferenceSession session = factory.Open(model, optimize: false);
        string input = session.InputNames[0];
        TensorElementType type = session.InputMetadata[input].ElementDataType;
        long[] dims = shape(batch);
        using OrtValue zeros = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, dims);
        zeros.GetTensorMutableRawData().Clear();
        using var options = new RunOptions();
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> values =
                session.Run(options, [input], [zeros], session.OutputNames);
            Dictionary<string, TensorSample> samples = new() { [input] = new((ElementType)type, dims, null) };
            for (int i = 0; i < values.Count; i++)
                if (values[i].IsTensor)
                    samples[session.OutputNames[i]] = Sample(values[i]);
            return samples;
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static TensorSample Sample(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        long[]? integers = info.ElementCount > MostIntegers ? null : info.ElementDataType switch
        {
            TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
            TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (long)v),
            TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), v => v ? 1L : 0),
            _ => null,
        };
        return new TensorSample((ElementType)info.ElementDataType, info.Shape, integers);
    }
}
