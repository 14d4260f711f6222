using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>Builds gradient models and runs them directly in ONNX Runtime.</summary>
internal sealed class GradientHarness : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly string _logits;

    /// <param name="model">A model with one float input.</param>
    /// <param name="shape">The shape of the input for a number of pictures.</param>
    /// <param name="logits">The tensor to differentiate; null for the first output.</param>
    /// <param name="tensors">The tensors to differentiate with respect to; null for the input.</param>
    /// <param name="isGuided">Guided backpropagation.</param>
    /// <param name="batch">A fixed number of pictures.</param>
    /// <param name="withBiases">Biases times their gradients follow the gradients.</param>
    public GradientHarness(
        byte[] model, Func<int, long[]> shape, string? logits = null, IReadOnlyList<string>? tensors = null,
        bool isGuided = false, int? batch = null, bool withBiases = false)
    {
        OnnxGraph graph = OnnxGraph.Read(model);
        _input = graph.Inputs[0].Name;
        _logits = logits ?? graph.Outputs[0].Name;
        var request = new GradientRequest
        {
            Logits = _logits,
            Tensors = tensors ?? [_input],
            IsGuided = isGuided,
            Batch = batch,
            WithBiases = withBiases,
        };
        Model = Differentiator.Build(graph, request, new TensorProbe(Factory, shape).Run);
        _session = Factory.Open(Model.Bytes);
    }

    public static SessionFactory Factory { get; } = new("model", null, null);

    public GradientModel Model { get; }

    /// <summary>Runs the model. Returns the logits, and the gradients in the requested order.</summary>
    public (float[] Logits, float[][] Gradients) Run(float[] x, long[] shape, float[] seed, long[] seedShape)
    {
        using var options = new RunOptions();
        using OrtValue input = Tensor(x, shape);
        using OrtValue given = Tensor(seed, seedShape);
        (string[] names, OrtValue[] values) = ([_input, Model.Seed], [input, given]);
        if (!_session.InputNames.Contains(_input))
            (names, values) = ([Model.Seed], [given]);
        using IDisposableReadOnlyCollection<OrtValue> results =
            _session.Run(
                options, names, values,
                [_logits, .. Model.Gradients, .. Model.Biases.Select(bias => bias.Output)]);
        float[][] all = [.. results.Select(value => value.GetTensorDataAsSpan<float>().ToArray())];
        return (all[0], all[1..]);
    }

    /// <summary>
    /// A tensor in memory of ONNX Runtime. The last bits of its sums depend on how the memory is aligned.
    /// </summary>
    public static OrtValue Tensor(float[] values, long[] shape)
    {
        OrtValue tensor =
            OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape);
        values.CopyTo(tensor.GetTensorMutableDataAsSpan<float>());
        return tensor;
    }

    public void Dispose() => _session.Dispose();
}
