using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx.Runtime;

/// <summary>A model with all of its outputs, run as other programs run it.</summary>
internal sealed class WholeModel(SessionFactory factory, byte[] model, ImageInput input) : IDisposable
{
    private readonly InferenceSession _session = factory.Open(model);

    /// <summary>The names of the outputs, in order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Runs pictures of one size.</summary>
    /// <param name="pictures">The pictures, in the layout of the input. They fill a fixed batch.</param>
    /// <param name="height">The number of rows of the pictures.</param>
    /// <param name="width">The number of columns of the pictures.</param>
    /// <param name="classInput">
    /// The name of the class input, and the class for all pictures; null if there is no such input.
    /// </param>
    /// <returns>The bytes of each output that is a tensor.</returns>
    /// <exception cref="ScoreCamException">The run failed.</exception>
    public Dictionary<string, byte[]> Run(
        float[][] pictures, int height, int width, (string Name, long Class)? classInput = null)
    {
        int batch = input.Batch ?? pictures.Length;
        long[] shape = input.Shape(batch, height, width);
        float[] filled = [.. Enumerable.Range(0, batch).SelectMany(i => pictures[i % pictures.Length])];
        List<string> names = [input.Name];
        List<OrtValue> values = [Tensor(filled, shape)];
        if (classInput is { } chosen)
        {
            names.Add(chosen.Name);
            long[] classes = [.. Enumerable.Repeat(chosen.Class, batch)];
            values.Add(OrtValue.CreateTensorValueFromMemory(classes, [batch]));
        }
        try
        {
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results =
                _session.Run(options, names, values, _session.OutputNames);
            Dictionary<string, byte[]> read = [];
            for (int i = 0; i < results.Count; i++)
                if (results[i].IsTensor && results[i]
                    .GetTensorTypeAndShape().ElementDataType != TensorElementType.String)
                    read[_session.OutputNames[i]] = results[i].GetTensorMutableRawData().ToArray();
            return read;
        }
        catch (OnnxRuntimeException exception)
        {
            throw NetworkSession.Failure(exception);
        }
        finally
        {
            foreach (OrtValue value in values)
                value.Dispose();
        }
    }

    public void Dispose() => _session.Dispose();

    private OrtValue Tensor(float[] values, long[] shape) => input.IsByte
        ? OrtValue.CreateTensorValueFromMemory(
            Array.ConvertAll(values, v => (byte)Math.Clamp(MathF.Round(v), 0, 255)), shape)
        : OrtValue.CreateTensorValueFromMemory(values, shape);
}
