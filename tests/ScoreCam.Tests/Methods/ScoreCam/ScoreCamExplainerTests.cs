using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Layers, streams of pictures, and the properties of a result.</summary>
public sealed class ScoreCamExplainerTests : IDisposable
{
    private readonly ImageModel _model =
        ImageModel.Load(Networks.Logits(), new() { Preprocessing = Preprocessing.Unit });

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Several_layers_give_one_map_each_and_their_mean()
    {
        Explanation both = _model.Explain(Networks.Picture(), options: new() { Layers = [Networks.Layer, "relu1"] });
        Explanation late = _model.Explain(Networks.Picture()),
            early = _model.Explain(Networks.Picture(), options: new() { Layers = ["relu1"] });

        both.Layers.Select(l => l.Layer.Name).Should().Equal(Networks.Layer, "relu1");
        both.Layers[0].Map.DifferenceTo(late.Map).Should().Be(0);
        both.Layers[1].Map.DifferenceTo(early.Map).Should().Be(0);
        both.Passes.Should().Be(late.Passes + early.Passes);
        float[] mean = [.. Enumerable.Range(0, late.Map.Values.Length)
            .Select(i => (late.Map.Values[i] + early.Map.Values[i]) / 2)];
        float[] expected = [.. mean.Select(v => (v - mean.Min()) / (mean.Max() - mean.Min()))];
        Golden.NpyRows.LargestDifference(both.Map.Values, expected).Should().BeLessThan(1e-6f);
    }

    [Fact]
    public void A_layer_is_also_found_by_its_node_name()
    {
        LayerInfo info = _model.Layers.Single(l => l.Name == "relu1");
        info.Should().Be(new LayerInfo
        {
            Name = "relu1",
            NodeName = "Relu_relu1",
            OpType = "Relu",
            Channels = 8,
            Height = 24,
            Width = 20
        });
        _model.Explain(Networks.Picture(), options: new() { Layers = ["Relu_relu1"] }).Layers[0].Layer.Should()
            .Be(info);
        _model.Layers.Select(l => l.Name).Should().Equal("conv1", "relu1", "pool", "conv2", Networks.Layer);
    }

    [Theory]
    [InlineData("featurs", "*no layer 'featurs'*did you mean 'features'?*")]
    [InlineData("relu_1", "*no layer 'relu_1'*did you mean 'relu1'?*")]
    [InlineData("nothing like it", "*no layer 'nothing like it'*ImageModel.Layers*.*")]
    [InlineData("logits", "*'logits'*")]
    [InlineData("gap", "*'gap'*")]
    public void A_layer_that_cannot_be_explained_is_named_in_the_error(string layer, string message)
    {
        // A vector is found as a tensor and refused because of its shape.
        Exception? error = Record.Exception(() =>
            _model.Explain(Networks.Picture(), options: new() { Layers = [layer] }));
        error.Should().Match<Exception>(e => e is ArgumentException || e is UnsupportedModelException);
        error!.Message.Should().Match(message).And.NotContain("?.");
    }

    [Fact]
    public void More_layers_than_open_sessions_can_be_explained()
    {
        TinyModel deep = new TinyModel(seed: 4).Input("image", -1, 3, Networks.Height, Networks.Width);
        for (int i = 0; i < 8; i++)
            deep.Conv($"conv{i}", 4).Relu($"relu{i}");
        using ImageModel model =
            ImageModel.Load(deep.GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 3).Output().ToBytes());
        string[] layers = [.. Enumerable.Range(0, 8).Select(i => $"relu{i}")];
        Explanation first = model.Explain(Networks.Picture(), options: new() { Layers = layers });
        Explanation again = model.Explain(Networks.Picture(), options: new() { Layers = [.. layers.Reverse()] });
        for (int i = 0; i < 8; i++)
            first.Layers[i].Map.DifferenceTo(again.Layers[7 - i].Map).Should().Be(0);
    }

    [Fact]
    public async Task A_stream_of_pictures_is_explained_in_its_order_and_one_at_a_time()
    {
        RgbImage[] pictures = [.. Enumerable.Range(1, 3).Select(Noise)];
        int taken = 0;
        var explainer = new ScoreCamExplainer(_model);
        int i = 0;
        await foreach (Explanation why in explainer.ExplainAsync(Stream(), Target.Class(2),
            cancellationToken: TestContext.Current.CancellationToken))
        {
            why.Picture.Should().BeSameAs(pictures[i]);
            why.Map.DifferenceTo(explainer.Explain(pictures[i], Target.Class(2),
                cancellationToken: TestContext.Current.CancellationToken).Map).Should().Be(0);
            taken.Should().Be(++i, "the next picture is taken after the result of the previous one");
        }
        i.Should().Be(3);

        async IAsyncEnumerable<RgbImage> Stream()
        {
            foreach (RgbImage picture in pictures)
            {
                await Task.Yield();
                taken++;
                yield return picture;
            }
        }
    }

    [Fact]
    public async Task Sync_and_async_give_the_same_result_and_its_properties_are_set()
    {
        RgbImage picture = Noise(3);
        var explainer = new ScoreCamExplainer(_model);
        var why = await explainer.ExplainAsync(picture, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<Explanation> two =
            await explainer.ExplainAsync(picture, Target.Top(2),
            cancellationToken: TestContext.Current.CancellationToken);

        two[0].Map.DifferenceTo(why.Map).Should().Be(0);
        why.Method.Should().Contain("Score-CAM").And.Contain("Paper");
        (why.Map.Width, why.Map.Height).Should().Be((Networks.Width, Networks.Height));
        (why.RawMap.Width, why.RawMap.Height).Should().Be((10, 12));
        why.Map.Values.ToArray().Max().Should().Be(1);
        why.Map.Values.ToArray().Min().Should().Be(0);
        why.ModelSha256.Should().Be(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Networks.Logits())));
        why.Elapsed.Should().BePositive();
        why.Picture.Should().BeSameAs(picture);
        (why.MapOnPicture().Width, why.MapOnPicture().Height).Should().Be((picture.Width, picture.Height));
        (why.Overlay().Width, why.Overlay().Height).Should().Be((picture.Width, picture.Height));
        why.Warnings.Should().BeEmpty("the preprocessing was given");
    }

    [Fact]
    public void Guessed_preprocessing_gives_a_warning()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        new ScoreCamExplainer(model)
            .Explain(Noise(1), cancellationToken: TestContext.Current.CancellationToken).Warnings.Should()
            .ContainSingle().Which.Should().Contain("ModelOptions.Preprocessing");
        model.Explain(Networks.Picture()).Warnings.Should().BeEmpty("a tensor is prepared already");
    }

    [Fact]
    public void Neither_the_picture_nor_the_tensor_is_changed()
    {
        RgbImage picture = Noise(4);
        byte[] pixels = picture.Pixels.ToArray();
        PreparedImage prepared = _model.Prepare(picture);
        float[] tensor = prepared.Tensor.ToArray();
        _model.Explain(prepared);
        picture.Pixels.SequenceEqual(pixels).Should().BeTrue();
        prepared.Tensor.SequenceEqual(tensor).Should().BeTrue();
    }

    private static RgbImage Noise(int seed)
    {
        byte[] pixels = new byte[3 * 37 * 29];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(37, 29, pixels);
    }
}
