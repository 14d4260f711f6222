using Microsoft.ML.OnnxRuntime;

namespace ScoreCam.Onnx.Runtime;

/// <summary>Shapes that the graph leaves open, found by one run of the all-zero input.</summary>
internal sealed class ShapeProbe(ImageInput input, (int Height, int Width)? freeSize)
{
    /// <summary>Side assumed where network and preprocessing leave the size free.</summary>
    private const int UsualSide = 224;

    private int Height => input.Height ?? freeSize?.Height ?? UsualSide;

    private int Width => input.Width ?? freeSize?.Width ?? UsualSide;

    /// <summary>The shape of the scored tensor for one picture.</summary>
    public IReadOnlyList<long> Complete(int[] scoreShape, NetworkSession session) => Complete(scoreShape, session, tap: false);

    /// <summary>The shape of the tapped tensor for one picture.</summary>
    public IReadOnlyList<long> CompleteTap(NetworkSession session) => Complete(session.TapShape, session, tap: true);

    /// <summary>The shapes of these outputs of a session for one picture.</summary>
    /// <exception cref="ScoreCamException">The network failed.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Complete(InferenceSession session, IReadOnlyList<string> outputs)
    {
        var shapes = outputs.ToDictionary(name => name, name => Known(session.OutputMetadata[name].Dimensions));
        string[] open = [.. outputs.Where(name => shapes[name] is null)];
        if (open.Length > 0)
        {
            using var options = new RunOptions();
            using OrtValue zeros = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementType, input.Shape(input.Batch ?? 1, Height, Width));
            zeros.GetTensorMutableRawData().Clear();
            try
            {
                using IDisposableReadOnlyCollection<OrtValue> values = session.Run(options, [input.Name], [zeros], open);
                for (int i = 0; i < open.Length; i++)
                    shapes[open[i]] = new TensorValues(values[i]).Shape;
            }
            catch (OnnxRuntimeException exception)
            {
                throw NetworkSession.Failure(exception);
            }
        }
        return shapes.ToDictionary(pair => pair.Key, pair => pair.Value!);
    }

    /// <summary>The shape as the graph tells it; null where it leaves more than the batch open.</summary>
    private IReadOnlyList<long>? Known(int[] shape) =>
        shape.Length > 0 && shape.Skip(1).All(size => size > 0) && (shape[0] > 0 || input.Batch is null)
            ? [.. shape.Select((size, i) => i == 0 && size <= 0 ? 1L : size)]
            : null;

    private IReadOnlyList<long> Complete(int[] declared, NetworkSession session, bool tap)
    {
        if (Known(declared) is { } known)
            return known;
        using var options = new RunOptions();
        using var buffer = new BatchBuffer(session, input, 1, Height, Width);
        if (!tap)
        {
            buffer.Score(options, 1);
            return buffer.ScoreShape;
        }
        buffer.ScoreAndTap(options, out OrtValue value);
        using (value)
            return new TensorValues(value).Shape;
    }
}
