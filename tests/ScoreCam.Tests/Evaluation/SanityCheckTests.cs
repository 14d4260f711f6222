using System.Runtime.InteropServices;
using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Skia;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

public class SanityCheckTests
{
    [Fact]
    public void Randomised_weights_change_Score_CAM_but_not_an_edge_detector()
    {
        using ImageModel model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
        PreparedImage cat = model.Prepare(SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", "chelsea.png")));
        CancellationToken token = TestContext.Current.CancellationToken;
        var options = new SanityCheckOptions { Steps = 3 };

        IReadOnlyList<SanityStep> scoreCam =
            new SanityCheck(model, m => new ScoreCamExplainer(m), options).Run(cat, cancellationToken: token);
        scoreCam.Should().HaveCount(3);
        scoreCam[^1].Spearman.Should().BeLessThan(0.7);
        scoreCam[^1].Ssim.Should().BeLessThan(0.7);
        scoreCam.Should().OnlyContain(step => step.Explanation.ClassIndex == 3, "the class stays fixed");

        IReadOnlyList<SanityStep> edges =
            new SanityCheck(model, m => new MapOf(m, Edges), options).Run(cat, cancellationToken: token);
        edges.Should().OnlyContain(step => step.Spearman > 0.9999 && step.Ssim > 0.9999);
    }

    [Fact]
    public void Each_step_redraws_only_the_weights_of_its_layers_with_the_same_mean_and_deviation()
    {
        TinyModel tiny = Tiny.PoolAndGemm();
        byte[] bytes = tiny.ToBytes();
        using ImageModel model = ImageModel.Load(bytes);
        var check = new SanityCheck(model, m => new ScoreCamExplainer(m));
        check.Layers.Should().Equal("logits", "conv2", "conv1");

        ModelProto drawn = ModelProto.Parser.ParseFrom(check.Randomised(0, 1));
        foreach (TensorProto before in tiny.Model.Graph.Initializer)
        {
            TensorProto after = drawn.Graph.Initializer.Single(i => i.Name == before.Name);
            if (before.Name is not ("logits.weight" or "conv2.weight"))
            {
                after.Should().Be(before);
                continue;
            }
            float[] old = Floats(before), fresh = Floats(after);
            Tiny.Correlation(old, fresh).Should().BeInRange(-0.5, 0.5);
            double deviation = Math.Sqrt(old.Sum(v => (v - old.Average()) * (v - old.Average())) / old.Length);
            fresh.Average().Should().BeApproximately(old.Average(), (float)(4 * deviation / Math.Sqrt(old.Length)));
            Math.Sqrt(fresh.Sum(v => (v - fresh.Average()) * (v - fresh.Average())) / fresh.Length)
                .Should().BeApproximately(deviation, 4 * deviation / Math.Sqrt(2 * old.Length));
        }
        // The rest of the model is unchanged.
        foreach (ModelProto m in new[] { drawn, tiny.Model })
            m.Graph.Initializer.Clear();
        drawn.Should().Be(tiny.Model);
    }

    [Fact]
    public void Independent_steps_redraw_one_layer_and_cascading_steps_also_all_later_layers()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        IReadOnlyList<SanityStep> Run(RandomizationOrder order, int? steps = null) =>
            new SanityCheck(model, m => new ScoreCamExplainer(m), new() { Order = order, Steps = steps })
                .Run(Tiny.Picture(), cancellationToken: TestContext.Current.CancellationToken);
        Run(RandomizationOrder.Independent).Select(step => (step.Layer, step.RandomizedLayers))
            .Should().Equal(("logits", 1), ("conv2", 1), ("conv1", 1));
        IReadOnlyList<SanityStep> cascade = Run(RandomizationOrder.Cascading);
        cascade.Select(step => (step.Layer, step.RandomizedLayers))
            .Should().Equal(("logits", 1), ("conv2", 2), ("conv1", 3));
        Run(RandomizationOrder.Cascading, steps: 2).Select(step => step.RandomizedLayers).Should().Equal(2, 3);
        Run(RandomizationOrder.Cascading)[2].Explanation.Map.Values.ToArray()
            .Should().Equal(cascade[2].Explanation.Map.Values.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_in_a_float_list_are_read_and_written_like_weights_in_raw_bytes(bool packed)
    {
        TinyModel raw = Tiny.PoolAndGemm();
        ModelProto listed = raw.Model.Clone();
        foreach (TensorProto tensor in listed.Graph.Initializer)
        {
            tensor.FloatData.Add(Floats(tensor));
            tensor.ClearRawData();
        }
        byte[] bytes = packed ? listed.ToByteArray() : Unpacked(listed);
        using ImageModel first = ImageModel.Load(raw.ToBytes()), second = ImageModel.Load(bytes);
        SanityCheck a = new(first, m => new ScoreCamExplainer(m)), b = new(second, m => new ScoreCamExplainer(m));
        ModelProto drawnA = ModelProto.Parser.ParseFrom(a.Randomised(0, 2));
        ModelProto drawnB = ModelProto.Parser.ParseFrom(b.Randomised(0, 2));
        foreach (string name in new[] { "conv1.weight", "conv2.weight", "logits.weight" })
            drawnB.Graph.Initializer.Single(i => i.Name == name).FloatData
                .Should().Equal(Floats(drawnA.Graph.Initializer.Single(i => i.Name == name)));
    }

    [Fact]
    public void Randomised_networks_do_not_read_the_sidecars_again()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), Tiny.PoolAndGemm().ToBytes());
        string config =
            folder.File("config.json", """{ "id2label": { "0": "a", "1": "b", "2": "c", "3": "d", "4": "e" } }""");
        const string Preprocessor = """{ "do_resize": false, "image_mean": 0.5, "image_std": 0.25 }""";
        string preprocessor = folder.File("preprocessor_config.json", Preprocessor);
        using ImageModel model = ImageModel.Load(folder.Path);
        List<(Preprocessing Preprocessing, string FirstClass)> used = [];
        var check = new SanityCheck(model, m =>
        {
            used.Add((m.Preprocessing, m.Classes[0]));
            return new ScoreCamExplainer(m);
        });

        File.WriteAllText(preprocessor, Preprocessor.Replace("0.5", "0.125", StringComparison.Ordinal));
        File.Delete(config);
        check.Run(Tiny.Picture(), cancellationToken: TestContext.Current.CancellationToken);
        File.WriteAllText(preprocessor, "damaged");
        check.Run(Tiny.Picture(), cancellationToken: TestContext.Current.CancellationToken);

        Preprocessing atLoad = new() { Mean = new(0.5f), Std = new(0.25f) };
        used.Should().HaveCount(8).And.AllBeEquivalentTo((atLoad, "a"));
    }

    [Fact]
    public void A_quantized_network_is_refused()
    {
        using ImageModel model = ImageModel.Load(SharedData.Require("models", "mobilenet_v2_int8_qlinear_nchw.onnx"));
        FluentActions.Invoking(() => new SanityCheck(model, m => new ScoreCamExplainer(m)))
            .Should().Throw<UnsupportedModelException>().WithMessage("*no float weights*");
    }

    /// <summary>
    /// The size of the gradient of the picture's mean colour, 0…1. It does not depend on the network.
    /// </summary>
    private static float[] Edges(PreparedImage image)
    {
        int positions = image.Width * image.Height;
        float[] x = image.Tensor.ToArray();
        float[] grey =
            [.. Enumerable.Range(0, positions).Select(i => (x[i] + x[i + positions] + x[i + (2 * positions)]) / 3)];
        float[] edges = [.. Enumerable.Range(0, positions).Select(i =>
            (i % image.Width > 0 ? Math.Abs(grey[i] - grey[i - 1]) : 0)
            + (i >= image.Width ? Math.Abs(grey[i] - grey[i - image.Width]) : 0))];
        return [.. edges.Select(v => v / edges.Max())];
    }

    private static float[] Floats(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    /// <summary>The model with unpacked float lists, one value at a time, as old writers write them.</summary>
    private static byte[] Unpacked(ModelProto model)
    {
        ModelProto rest = model.Clone();
        rest.Graph.Initializer.Clear();
        var graph = new MemoryStream();
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            TensorProto head = tensor.Clone();
            head.FloatData.Clear();
            byte[] body =
            [
                .. head.ToByteArray(),
                .. tensor.FloatData.SelectMany(v => (byte[])[(4 << 3) | 5, .. BitConverter.GetBytes(v)]),
            ];
            Append(graph, 5, body);
        }
        var bytes = new MemoryStream();
        bytes.Write(rest.ToByteArray());
        Append(bytes, 7, graph.ToArray());
        return bytes.ToArray();
    }

    private static void Append(MemoryStream stream, int field, byte[] body)
    {
        var output = new CodedOutputStream(stream, leaveOpen: true);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(body));
        output.Flush();
    }
}
