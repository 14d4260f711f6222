using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Images;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>Gradients of a small network with respect to its layer, from pictures and from activations.</summary>
public class GradientSessionTests
{
    private const int Pixels = 3 * Networks.Height * Networks.Width;

    [Fact]
    public void Gradients_from_pictures_and_from_activations_are_those_of_the_classifier()
    {
        // The classifier is a mean over positions, a linear layer and a factor: dS/dA is the weight over the number of
        // positions.
        using GradientSession whole = Open(Network(), isGuided: false, Networks.Layer, "image");
        using var options = new RunOptions();
        float[] pictures = Pictures(2), seeds = new float[2 * Networks.Classes];
        (seeds[1], seeds[Networks.Classes + 1]) = (1, 1);
        GradientRun run = whole.Run(options, pictures, seeds, 2);

        TensorBatch activations = run.Activations[0]!;
        run.Activations[1].Should().BeNull("the caller already has the input");
        activations.Shape.Should().Equal(2, 10, 12, 10);
        run.Gradients[0].Shape.Should().Equal(2, 10, 12, 10);
        run.Gradients[1].Shape.Should().Equal(2, 3, Networks.Height, Networks.Width);
        double[] biases = new double[2];
        for (int picture = 0; picture < 2; picture++)
        {
            float[] gradient = run.Gradients[0][picture].ToArray();
            foreach (float[] channel in gradient.Chunk(120))
                channel.Should().OnlyContain(value => value == channel[0], "the classifier sees only the mean");
            // S = Σ A · dS/dA + bias.
            double sum = activations[picture].ToArray().Zip(gradient, (a, g) => (double)a * g).Sum();
            biases[picture] = run.Logits[picture][1] - sum;
        }
        biases[0].Should().BeApproximately(biases[1], 1e-4).And.NotBe(run.Logits[0][1]);

        using GradientSession tail = Network().OpenTail(Networks.Layer, activations.Shape);
        tail.Run(options, activations.Values, seeds, 2).Gradients[0].Values.Should().Equal(run.Gradients[0].Values);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_batch_equals_single_pictures_to_the_bit(int declared)
    {
        using GradientSession session = Open(Network(declared), isGuided: true, "image");
        session.BatchSize.Should().Be(declared > 0 ? declared : 4);
        session.GuidedNodes.Should().Be(2);
        using var options = new RunOptions();
        float[] pictures = Pictures(3), seeds = [.. Enumerable.Range(0, 3 * Networks.Classes).Select(i => i % 4 - 1f)];
        GradientRun all = session.Run(options, pictures, seeds, 3);
        for (int i = 0; i < 3; i++)
        {
            GradientRun one = session.Run(
                options, pictures.AsSpan(i * Pixels, Pixels), seeds.AsSpan(i * Networks.Classes, Networks.Classes), 1);
            one.Gradients[0].Values.Should().Equal(all.Gradients[0][i].ToArray());
            one.Logits.Values.Should().Equal(all.Logits[i].ToArray());
        }
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(15, 4)]
    [InlineData(20, 3)]
    [InlineData(30, 2)]
    [InlineData(50, 1)]
    [InlineData(70, 1)]
    public void A_batch_takes_at_most_256_MiB_for_activations_and_gradients(int channels, int expected)
    {
        byte[] model = new TinyModel().Input("image", -1, 3, 512, 512).Conv("conv", channels, kernel: 1).Relu("relu")
            .GlobalAveragePool("pool").Flatten("logits").Output().ToBytes();
        using var harness = new GradientHarness(model, batch => [batch, 3, 512, 512]);
        // Two tensors of maps, two of pooled values, their gradients; 4 bytes each.
        harness.Model.BytesPerPicture.Should().Be(2L * 2 * 4 * channels * ((512 * 512) + 1));

        var request = new GradientRequest { Logits = "logits", Tensors = ["image"] };
        using var session = new GradientSession(
            GradientHarness.Factory.Open(harness.Model.Bytes), harness.Model, request, "image", b => [b, 3, 512, 512]);
        session.BatchSize.Should().Be(expected);
    }

    [Fact]
    public void More_pictures_than_a_batch_are_refused()
    {
        using GradientSession session = Open(Network(), isGuided: false, "image");
        using var options = new RunOptions();
        Action run = () => session.Run(options, Pictures(5), new float[5 * Networks.Classes], 5);
        run.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static GradientSession Open(GradientNetwork network, bool isGuided, params string[] tensors) =>
        network.Open(tensors, isGuided, Networks.Height, Networks.Width);

    private static float[] Pictures(int count) =>
        [.. Enumerable.Range(1, count).SelectMany(seed => Values(Networks.Picture(seed)))];

    private static IEnumerable<float> Values(PreparedImage picture) => picture.Values.ToArray();

    private static GradientNetwork Network(int batch = -1)
    {
        OnnxGraph graph = OnnxGraph.Read(Networks.Logits(batch));
        var input = new ImageInput
        {
            Name = "image",
            ElementType = TensorElementType.Float,
            Layout = TensorLayout.Nchw,
            Channels = 3,
            Height = Networks.Height,
            Width = Networks.Width,
            Batch = batch > 0 ? batch : null,
        };
        return new GradientNetwork(graph, "logits", input, GradientHarness.Factory);
    }
}
