using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Support;

/// <summary>Tiny networks that many tests share, their inputs, and short ways to explain them.</summary>
internal static class Networks
{
    public const int Height = 24, Width = 20, Classes = 5;

    /// <summary>With the weights of this seed, no channel is dead on the usual pictures.</summary>
    public const int Seed = 30;

    /// <summary>The layer that is explained: 10 channels of 12 × 10.</summary>
    public const string Layer = "features";

    /// <summary>3 × 24 × 20 → two convolutions → 5 logits. The weights depend on the seed alone.</summary>
    public static TinyModel Trunk(int batch = -1, int seed = Seed, int classes = Classes) =>
        Tail(new TinyModel(seed: seed).Input("image", batch, 3, Height, Width), classes);

    /// <summary>The rest of <see cref="Trunk"/> after an input, which may have been converted before.</summary>
    public static TinyModel Tail(TinyModel model, int classes = Classes) =>
        Head(Body(model), classes);

    /// <summary>The operators up to the layer that is explained.</summary>
    public static TinyModel Body(TinyModel model) =>
        model.Conv("conv1", 8).Relu("relu1").MaxPool("pool").Conv("conv2", 10).Relu(Layer);

    /// <summary>
    /// The operators from the layer to the logits. The scores spread enough that softmax prefers some channels.
    /// </summary>
    public static TinyModel Head(TinyModel model, int classes = Classes) =>
        model.GlobalAveragePool("gap").Flatten("flat").Gemm("gemm", classes).Initializer("spread", [1], 20f)
            .Mul("logits", "gemm", "spread");

    /// <summary>The bytes of the trunk as a classifier that gives logits.</summary>
    public static byte[] Logits(int batch = -1, int seed = Seed) => Trunk(batch, seed).Output().ToBytes();

    /// <summary>A smooth random picture with values of about −1…1, channels × height × width.</summary>
    public static PreparedImage Picture(int seed = 7, int channels = 3, int height = Height, int width = Width)
    {
        var random = new Random(seed);
        var values = new float[channels * height * width];
        for (int c = 0; c < channels; c++)
        {
            (double fx, double fy, double phase) =
                (random.NextDouble() / 3, random.NextDouble() / 3, 6 * random.NextDouble());
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    values[(((c * height) + y) * width) + x] =
                        (float)(Math.Sin((fx * x) + (fy * y) + phase) + (0.3 * (random.NextDouble() - 0.5)));
        }
        return PreparedImage.FromTensor(values, channels, height, width);
    }

    /// <summary>The values of a tensor in a bare session. The tensor need not be an output.</summary>
    public static float[] Run(byte[] network, PreparedImage image, string tensor)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(network);
        if (model.Graph.Output.All(output => output.Name != tensor))
            model.Graph.Output.Add(new ValueInfoProto { Name = tensor });
        using var session = new InferenceSession(model.ToByteArray());
        long[] shape = [1, image.Channels, image.Height, image.Width];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(image.Tensor.ToArray(), shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(options, [model.Graph.Input[0].Name], [input], [tensor]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Explains one target, by default class 2, on one layer.</summary>
    public static Explanation Explain(this ImageModel model, PreparedImage image, Target? target = null,
        ScoreCamOptions? options = null) =>
        new ScoreCamExplainer(model, options)
            .Explain(image, target ?? Target.Class(2), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Loads, explains one target and unloads.</summary>
    public static Explanation Explain(byte[] network, PreparedImage image, Target? target = null,
        ModelOptions? options = null, params string[] layers)
    {
        using ImageModel model = ImageModel.Load(network, options);
        return model.Explain(image, target, new() { Layers = layers });
    }

    /// <summary>Largest difference of two maps of the same size.</summary>
    public static float DifferenceTo(this SaliencyMap map, SaliencyMap other)
    {
        Assert.Equal((other.Width, other.Height), (map.Width, map.Height));
        return NpyRows.LargestDifference(map.Values, other.Values);
    }
}
