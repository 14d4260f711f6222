using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Methods;

/// <summary>Tiny networks with a picture, and the values of their tensors from ONNX Runtime alone.</summary>
internal static class Tiny
{
    public const int Side = 8;

    /// <summary>conv–relu–conv–relu, 6 maps of 8 × 8, then what the head adds. The layer is <c>relu2</c>.</summary>
    public static TinyModel Features(int seed = 1, int batch = -1) =>
        new TinyModel(seed: seed).Input("image", batch, 3, Side, Side).Conv("conv1", 4).Relu("relu1").Conv("conv2", 6)
            .Relu("relu2");

    public static TinyModel PoolAndGemm(int seed = 1) =>
        Features(seed).GlobalAveragePool("pool").Flatten("flat").Gemm("logits", 5).Output();

    public static PreparedImage Picture(int seed = 3, int channels = 3, int side = Side)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, channels * side * side)
            .Select(_ => (float)(random.NextDouble() * 4 - 2))];
        return PreparedImage.FromTensor(values, channels, side, side);
    }

    /// <summary>Explains, and is cancelled with the test.</summary>
    public static Explanation On(this Explainer explainer, PreparedImage picture, Target? target = null) =>
        explainer.On(picture, [target ?? Target.Predicted])[0];

    public static IReadOnlyList<Explanation> On(this Explainer explainer, PreparedImage picture,
        IReadOnlyList<Target> targets) =>
        explainer.Explain(picture, targets, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Values of a tensor of the model for one input.</summary>
    public static float[] Run(ModelProto model, ReadOnlySpan<float> input, string tensor)
    {
        using var session = new TinySession(model, tensor);
        return session.Of((input.ToArray(), [.. session.InputDims.Select(d => Math.Max(1L, d))]));
    }

    public static float[] Weights(TinyModel model, string name)
    {
        TensorProto tensor = model.Model.Graph.Initializer.First(i => i.Name == name);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
    }

    /// <summary>The map of a channel.</summary>
    public static float[] Channel(float[] activations, int channel, int positions = Side * Side) =>
        activations[(channel * positions)..((channel + 1) * positions)];

    public static double Correlation(IReadOnlyList<float> a, IReadOnlyList<float> b)
    {
        (double meanA, double meanB) = (a.Average(), b.Average());
        double ab = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return ab / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}

/// <summary>ONNX Runtime alone: a session that gives the values of one tensor.</summary>
internal sealed class TinySession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _tensor;

    public TinySession(ModelProto model, string tensor)
    {
        ModelProto tapped = model.Clone();
        if (!tapped.Graph.Output.Any(o => o.Name == tensor))
            tapped.Graph.Output.Add(new ValueInfoProto { Name = tensor });
        using var quiet = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        (_session, _tensor) = (new(Google.Protobuf.MessageExtensions.ToByteArray(tapped), quiet), tensor);
    }

    /// <summary>Dimensions of the first input; −1 where free.</summary>
    public IReadOnlyList<int> InputDims => _session.InputMetadata.Values.First().Dimensions;

    /// <summary>The tensor's values for these inputs, in the order of the model.</summary>
    public float[] Of(params (float[] Values, long[] Shape)[] inputs)
    {
        OrtValue[] values = [.. inputs.Select(i => OrtValue.CreateTensorValueFromMemory(i.Values, i.Shape))];
        using var options = new RunOptions();
        using var results = _session.Run(options, [.. _session.InputNames.Take(inputs.Length)], values, [_tensor]);
        foreach (OrtValue value in values)
            value.Dispose();
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
