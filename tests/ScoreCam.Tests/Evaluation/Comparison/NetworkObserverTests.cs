using FluentAssertions;
using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation.Comparison;

public class NetworkObserverTests
{
    private const int Cat = 3, Cup = 6;

    [Fact]
    public void Answers_come_from_the_model_and_maps_from_its_explainers()
    {
        using ImageModel model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
        RgbImage photo = SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", "chelsea.png"));
        PreparedImage image = model.Prepare(photo);
        ScoreCamExplainer scoreCam = new(model);
        NetworkObserver observer = new(
            model,
            new Dictionary<string, Explainer> { ["score-cam"] = scoreCam, ["grad-cam"] = new GradCamExplainer(model) },
            [new AverageDrop(), new EnergyInBox()], "everyday");
        Box box = new() { XMin = 0, YMin = 0, XMax = photo.Width, YMax = photo.Height };
        ComparedPicture picture = new() { Name = "chelsea", ClassName = "CUP", Boxes = [box] };

        NetworkAnswer answer = observer.Answer(image, picture);
        (answer.Network, answer.Picture, answer.ClassIndex, answer.Predicted)
            .Should().Be(("everyday", "chelsea", Cup, Cat));
        answer.Probabilities.ToArray().Should().Equal(model.Predict(image).Probabilities.ToArray());

        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ComparedMap map = observer.Explain(image, picture, "score-cam", Cup, cancellationToken: cancellation);
        Explanation cup = scoreCam.Explain(image, Target.Class(Cup), cancellationToken: cancellation);
        Explanation cat = scoreCam.Explain(image, Target.Class(Cat), cancellationToken: cancellation);
        map.Map.Values.ToArray().Should().Equal(ComparedMap.OnPicture(cup).Values.ToArray());
        map.PredictedMap!.Values.ToArray().Should().Equal(ComparedMap.OnPicture(cat).Values.ToArray());
        map.Passes.Should().Be(cup.Passes).And.BePositive();
        EvaluationCase evaluation = new(scoreCam, image, cup);
        map.Values["average-drop"]
            .Should().BeApproximately(new AverageDrop().Evaluate(evaluation, cancellation).Value!.Value, 1e-4);
        map.Values["energy-in-box"].Should().BeApproximately(1, 1e-6, "the box is the picture");

        observer.Explain(image, picture, "score-cam", Cat, cancellationToken: cancellation).PredictedMap
            .Should().BeNull();
        observer.Explain(image, picture, "grad-cam", Cup, cancellationToken: cancellation).GradientPasses
            .Should().Be(1, "the gradient for the predicted class is not a cost of this map");
        FluentActions.Invoking(() => observer.Explain(image, picture, "cam", Cat))
            .Should().Throw<ArgumentException>().WithMessage("*no method 'cam'*score-cam*");
    }

    [Fact]
    public void The_parameter_count_is_the_number_of_values_in_the_weights()
    {
        // Convolution 4 × 3 × 3 × 3 with 4 biases, and a linear head of 2 × 4 with 2.
        byte[] bytes = new TinyModel().Input("image", 1, 3, 8, 8).Conv("conv",
            4).GlobalAveragePool("pooled").Flatten("flat")
            .Initializer("w", [2, 4], new float[8]).Initializer("b", [2], 0f, 0f)
            .Op("Gemm", "logits", ["flat", "w", "b"], TinyModel.Attribute("transB", 1)).Output().ToBytes();
        using ImageModel model = ImageModel.Load(bytes);
        ComparedNetwork network = ComparedNetwork.Of(model, "tiny");
        network.Bytes.Should().Be(bytes.Length);
        network.Parameters.Should().Be((4 * 3 * 3 * 3) + 4 + (2 * 4) + 2);
        network.HasNumberedClasses.Should().BeTrue();
        network.Layer.Should().NotBeNull();
    }

    [Fact]
    public void Explainers_of_another_model_are_refused()
    {
        byte[] bytes = new TinyModel().Input("image", 1, 3, 8, 8).Conv("conv", 4)
            .GlobalAveragePool("pooled").Flatten("flat").Gemm("logits", 2).Output().ToBytes();
        using ImageModel first = ImageModel.Load(bytes);
        using ImageModel second = ImageModel.Load(bytes);
        Dictionary<string, Explainer> methods = new() { ["eigen-cam"] = new EigenCamExplainer(second) };
        FluentActions.Invoking(() => new NetworkObserver(first, methods, []))
            .Should().Throw<ArgumentException>().WithMessage("*'eigen-cam'*");
    }

    [Fact]
    public void A_network_without_activation_maps_still_answers()
    {
        using ImageModel model = ImageModel.Load(EvaluationSetup.Linear(4, new float[16]));
        NetworkObserver observer = new(model, new Dictionary<string, Explainer>(), []);
        observer.Network.Layer.Should().BeNull();
        NetworkAnswer answer = observer.Answer(EvaluationSetup.Grey(4, new float[16]),
            new() { Name = "grey", ClassName = "cat", ClassIndex = 1 });
        answer.Probabilities.ToArray().Should().Equal(0.5f, 0.5f);
        answer.IsRight.Should().BeFalse("the first of equally likely classes is predicted");
    }
}
