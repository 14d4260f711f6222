using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx;

public class TinyModelTests
{
    [Fact]
    public void A_tiny_model_runs_and_computes_its_operators()
    {
        byte[] model = new TinyModel()
            .Input("image", -1, 1, 2, 2).Initializer("two", [1], 2f)
            .Mul("doubled", "image", "two").GlobalAveragePool("mean").Flatten("logit").Sigmoid("p")
                .Output(dims: [-1, 1])
            .ToBytes();
        using var session = new InferenceSession(model);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2, 3, -2 }, [1, 1, 2, 2]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["image"], [input], ["p"]);
        results[0].GetTensorDataAsSpan<float>()[0].Should().BeApproximately(1 / (1 + MathF.Exp(-2)), 1e-6f);
    }

    [Fact]
    public void A_small_network_with_weights_opens_and_has_the_requested_number_of_classes()
    {
        byte[] model = new TinyModel()
            .Input("image", 1, 3, 8, 8).Conv("conv1", 4).Relu("relu1").MaxPool("pool").Conv("conv2", 6).Relu("relu2")
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5).Softmax("p").Output()
            .ToBytes();
        using var session = new InferenceSession(model);
        session.OutputMetadata["p"].Dimensions.Should().Equal(1, 5);
    }
}
