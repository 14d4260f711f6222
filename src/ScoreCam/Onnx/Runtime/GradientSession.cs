using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Onnx.Editing.Differentiation;

namespace ScoreCam.Onnx.Runtime;

/// <summary>A tensor of several pictures, row-major in the network's layout, beginning with the batch.</summary>
internal sealed record TensorBatch(float[] Values, IReadOnlyList<long> Shape)
{
    /// <summary>The element type of the values in the network.</summary>
    public TensorElementType ElementType { get; init; } = TensorElementType.Float;

    /// <summary>Returns the values as an input of a session. The caller disposes it.</summary>
    public OrtValue ToOrtValue()
    {
        if (ElementType == TensorElementType.Float)
            return OrtValue.CreateTensorValueFromMemory(Values, [.. Shape]);
        OrtValue value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, ElementType, [.. Shape]);
        if (ElementType == TensorElementType.Float16)
            TensorPrimitives.ConvertToHalf(
                Values, MemoryMarshal.Cast<Float16, Half>(value.GetTensorMutableDataAsSpan<Float16>()));
        else
            TensorPrimitives.ConvertTruncating<float, double>(Values, value.GetTensorMutableDataAsSpan<double>());
        return value;
    }

    /// <summary>The values of one picture.</summary>
    public ReadOnlySpan<float> this[int picture]
    {
        get
        {
            int length = Values.Length / (int)Shape[0];
            return Values.AsSpan(picture * length, length);
        }
    }
}

/// <summary>The result of a run of a gradient session.</summary>
/// <param name="Logits">The logits of each picture.</param>
/// <param name="Activations">
/// The tensors with respect to which the gradient was computed, in the order requested; null for the input.
/// </param>
/// <param name="Gradients">The gradients of the target with respect to these tensors, in the same order.</param>
/// <param name="Biases">
/// The products of each bias and its gradient, in the order of <see cref="GradientSession.BiasedTensors"/>.
/// </param>
internal sealed record GradientRun(
    TensorBatch Logits,
    IReadOnlyList<TensorBatch?> Activations,
    IReadOnlyList<TensorBatch> Gradients,
    IReadOnlyList<TensorBatch> Biases);

/// <summary>
/// A session that computes logits, activations and gradients in one run. Pictures do not influence each other. Runs can
/// overlap.
/// </summary>
internal sealed class GradientSession : IDisposable
{
    /// <summary>The largest amount of memory for the activations of one run. A larger batch saves no time.</summary>
    private const long MostBytes = 256L << 20;

    private const int UsualBatch = 4;

    private readonly InferenceSession _session;
    private readonly GradientModel _model;
    private readonly string _input;
    private readonly bool _readsInput;
    private readonly Func<int, long[]> _shape;
    private readonly string?[] _taps;
    private readonly string[] _outputs;

    public GradientSession(
        InferenceSession session, GradientModel model, GradientRequest request, string input, Func<int, long[]> shape)
    {
        (_session, _model, _input, _shape) = (session, model, input, shape);
        _readsInput = session.InputNames.Contains(input);
        _taps = [.. request.Tensors.Select(tensor => tensor == input ? null : tensor)];
        _outputs =
        [
            request.Logits, .. _taps.OfType<string>(), .. model.Gradients,
            .. model.Biases.Select(bias => bias.Output),
        ];
        int fitting = (int)Math.Clamp(MostBytes / Math.Max(1, model.BytesPerPicture), 1, UsualBatch);
        BatchSize = model.Batch ?? (model.BatchChangesRounding ? 1 : fitting);
        Values = (int)model.LogitsShape.Skip(1).Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>The largest number of pictures per run.</summary>
    public int BatchSize { get; }

    /// <summary>The number of logits, and of seed values, per picture.</summary>
    public int Values { get; }

    /// <summary>The number of nodes at which guided backpropagation differs from the plain gradient.</summary>
    public int GuidedNodes => _model.GuidedNodes;

    /// <summary>The tensors whose nodes have a bias. Empty if biases were not requested.</summary>
    public IEnumerable<string> BiasedTensors => _model.Biases.Select(bias => bias.Tensor);

    /// <summary>Runs a batch.</summary>
    /// <param name="options">The run options, which can stop the run.</param>
    /// <param name="pictures">The pictures, one after the other, in the network's layout.</param>
    /// <param name="seeds">The gradient of the target with respect to the logits, one row per picture.</param>
    /// <param name="count">The number of pictures, at most <see cref="BatchSize"/>.</param>
    /// <exception cref="ScoreCamException">The run failed, or was stopped.</exception>
    public GradientRun Run(RunOptions options, ReadOnlySpan<float> pictures, ReadOnlySpan<float> seeds, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BatchSize);
        int batch = _model.Batch ?? count;
        long[] shape = _shape(batch), seedShape = [.. _model.LogitsShape.Select(size => size < 0 ? batch : size)];
        using OrtValue x = Tensor(pictures, shape), seed = Tensor(seeds, seedShape);
        (string[] names, OrtValue[] values) = _readsInput
            ? ([_input, _model.Seed], [x, seed])
            : (new[] { _model.Seed }, new[] { seed });
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, names, values, _outputs);
            var read = new Queue<TensorBatch>(results.Select(value => Read(value, batch, count)));
            TensorBatch logits = read.Dequeue();
            TensorBatch?[] activations = [.. _taps.Select(tap => tap is null ? null : read.Dequeue())];
            TensorBatch[] gradients = [.. _model.Gradients.Select(_ => read.Dequeue())];
            return new GradientRun(logits, activations, gradients, [.. read]);
        }
        catch (OnnxRuntimeException exception)
        {
            throw NetworkSession.Failure(exception);
        }
    }

    public void Dispose() => _session.Dispose();

    /// <summary>
    /// Creates a tensor that begins with these values; the rest is zero. ONNX Runtime allocates the memory, because the
    /// last bits of its sums depend on the alignment, and the alignment of an array is arbitrary.
    /// </summary>
    private static OrtValue Tensor(ReadOnlySpan<float> values, long[] shape)
    {
        OrtValue tensor =
            OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape);
        Span<float> whole = tensor.GetTensorMutableDataAsSpan<float>();
        values.CopyTo(whole);
        whole[values.Length..].Clear();
        return tensor;
    }

    private static TensorBatch Read(OrtValue value, int batch, int count)
    {
        long[] shape = value.GetTensorTypeAndShape().Shape;
        ReadOnlySpan<float> values = value.GetTensorDataAsSpan<float>();
        return new TensorBatch(values[..(values.Length / batch * count)].ToArray(), [count, .. shape.Skip(1)]);
    }
}
