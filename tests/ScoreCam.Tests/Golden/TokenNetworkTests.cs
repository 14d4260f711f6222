using System.Text.Json;
using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.IO;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Golden;

/// <summary>
/// Exports of vision transformers, Swin and ConvNeXt, compared with PyTorch. tests/golden/transformers/README.md
/// explains the data.
/// </summary>
public class TokenNetworkTests
{
    private static readonly string Golden = Path.Combine(SharedData.Repository, "tests", "golden", "transformers");

    private static readonly Dictionary<string, Func<ImageModel, Explainer>> GradientFamily = new()
    {
        ["gradcam"] = model => new GradCamExplainer(model),
        ["gradcamplusplus"] = model => new GradCamPlusPlusExplainer(model),
        ["xgradcam"] = model => new XGradCamExplainer(model),
        ["hirescam"] = model => new HiResCamExplainer(model),
        ["layercam"] = model => new LayerCamExplainer(model),
        ["eigengradcam"] = model => new EigenGradCamExplainer(model),
    };

    public static TheoryData<string> Names => new(Cases().EnumerateObject().Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_default_layer_is_the_one_an_expert_selects_with_its_layout_and_activations(string name)
    {
        using ImageModel model = Load(name);
        JsonElement expected = Cases().GetProperty(name);
        LayerInfo layer = model.DefaultLayer;
        layer.Layout.ToString().Should().BeEquivalentTo(expected.GetProperty("layout").GetString());
        layer.PrefixTokens.Should().Be(expected.GetProperty("prefix").GetInt32());
        int[] shape = [.. expected.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())];
        new[] { layer.Channels, layer.Height, layer.Width }.Should().Equal(shape);

        ReadOnlySpan<float> reference = Export(name, "layer").Values;
        ActivationMaps maps = Activations(model, name);
        float largest = reference.ToArray().Max(Math.Abs);
        float[] activations = [.. Enumerable.Range(0, maps.Channels).SelectMany(k => maps[k].ToArray())];
        (NpyRows.LargestDifference(activations, reference) / largest).Should().BeLessThan(1e-4f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_logits_match_the_original(string name)
    {
        using ImageModel model = Load(name);
        float[] logits = [.. model.Predict(Picture(name)).Logits];
        NpyRows.LargestDifference(logits, Export(name, "logits").Values).Should().BeLessThan(1e-4f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Score_CAM_matches_the_original(string name)
    {
        using ImageModel model = Load(name);
        ShouldBeTheMapsOfTheOriginal(Explain(new ScoreCamExplainer(model), name), name, "scorecam");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Grad_CAM_matches_the_original(string name)
    {
        using ImageModel model = Load(name);
        ShouldBeTheMapsOfTheOriginal(Explain(new GradCamExplainer(model), name), name, "gradcam");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_family_matches_PyTorch(string name)
    {
        using ImageModel model = Load(name);
        foreach ((string file, Func<ImageModel, Explainer> create) in GradientFamily)
        {
            SaliencyMap raw = Explain(create(model), name).RawMap;
            ShouldBe(raw, Reference(name, file + ".raw"), file);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eigen_CAM_matches_NumPy(string name)
    {
        using ImageModel model = Load(name);
        ShouldBe(Explain(new EigenCamExplainer(model), name).RawMap, Reference(name, "eigencam.raw"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ablation_CAM_keeps_the_prefix_tokens_and_the_paths_that_bypass_the_layer(string name)
    {
        using ImageModel model = Load(name);
        var explainer = new AblationCamExplainer(model, new() { Scored = ScoredValue.Probability });
        ShouldBe(Explain(explainer, name).RawMap, Reference(name, "ablation.raw"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recipro_CAM_keeps_the_prefix_tokens_and_the_paths_that_bypass_the_layer(string name)
    {
        using ImageModel model = Load(name);
        var single = new ReciproCamExplainer(model, new() { Gaussian = false });
        ShouldBe(Explain(new ReciproCamExplainer(model), name).RawMap, Reference(name, "recipro.gaussian.raw"));
        ShouldBe(Explain(single, name).RawMap, Reference(name, "recipro.single.raw"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_clusters_of_ViT_CX_match_NumPy(string name)
    {
        using ImageModel model = Load(name);
        PreparedImage picture = Picture(name);
        int[][] clusters = MaskClusters.Find(Activations(model, name), picture.Height, picture.Width, 0.1, Token);
        ReadOnlySpan<float> labels = Reference(name, "vitcx.clusters").Values;
        for (int k = 0; k < labels.Length; k++)
            Array.FindIndex(clusters, cluster => cluster.Contains(k)).Should().Be((int)labels[k], $"it is channel {k}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ViT_CX_matches_PyTorch(string name)
    {
        using ImageModel model = Load(name);
        ShouldBe(Explain(new VitCxExplainer(model), name).RawMap, Reference(name, "vitcx.raw"));
    }

    [Fact]
    public void The_trained_network_prepares_the_photograph_like_Pillow_and_predicts_a_cat()
    {
        using ImageModel model = Load(Trained);
        model.Warnings.Should().BeEmpty();
        RgbImage photo = ImageSharpImage.Load(Path.Combine(SharedData.Repository, "photos", "chelsea.png"));
        PreparedImage prepared = model.Prepare(photo);
        prepared.Tensor.LargestDifference(Reference(Trained, "input").Values).Should().BeLessThan(1e-5f);
        Prediction prediction = model.Predict(prepared);
        prediction.Classes[prediction.Top].Should().Be("cat");
    }

    [Fact]
    public void The_warning_of_a_blank_map_of_signed_tokens_names_methods_that_do_not_sum_them()
    {
        using ImageModel model = Load(Trained);
        Reference(Trained, "scorecam_raw").Values.ToArray().Should().OnlyContain(value => value < 0);
        Explain(new ScoreCamExplainer(model), Trained).Warnings.Should()
            .ContainSingle().Which.Should().Match("*as all zeros*activations are signed*ViT-CX, Recipro-CAM or RISE*");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JsonElement Cases()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden, "cases.json")));
        return cases.RootElement.Clone();
    }

    /// <summary>The exports have random weights. This network is trained and is part of the repository.</summary>
    private const string Trained = "vit_cifar10";

    private static ImageModel Load(string name)
    {
        if (name == Trained)
            return ImageModel.Load(Path.Combine(SharedData.Repository, "models", "vit-cifar10"));
        string path = SharedData.Require("models", "exports", name, "model.onnx");
        return ImageModel.Load(path, new() { Preprocessing = Preprocessing.Imagenet });
    }

    /// <summary>Explains the class of the reference.</summary>
    private static Explanation Explain(Explainer explainer, string name)
    {
        int target = Cases().GetProperty(name).GetProperty("target").GetInt32();
        return explainer.Explain(Picture(name), Target.Class(target), cancellationToken: Token);
    }

    private static PreparedImage Picture(string name)
    {
        NpyArray input = name == Trained
            ? Reference(name, "input")
            : NpyArray.Load(SharedData.Require("models", "exports", "input.npy"));
        return PreparedImage.FromTensor(input.Values.ToArray(), input.Shape[1], input.Shape[2], input.Shape[3]);
    }

    private static NpyArray Export(string name, string file) => name == Trained
        ? Reference(name, file)
        : NpyArray.Load(SharedData.Require("models", "exports", name, file + ".npy"));

    private static NpyArray Reference(string name, string file) =>
        NpyArray.Load(Path.Combine(Golden, name, file + ".npy"));

    private static ActivationMaps Activations(ImageModel model, string name)
    {
        using var run = new RunContext(null, Token);
        return model.Network.Forward(model.ToNetworkInput(Picture(name)), model.DefaultLayer.Name, run).Maps;
    }

    private static void ShouldBeTheMapsOfTheOriginal(Explanation why, string name, string file)
    {
        ShouldBe(why.RawMap, Export(name, file + "_raw"));
        why.Map.Values.LargestDifference(Export(name, file + "_map").Values).Should().BeLessThan(1e-3f);
    }

    private static void ShouldBe(SaliencyMap raw, NpyArray reference, string because = "")
    {
        reference.Shape.TakeLast(2).Should().Equal(raw.Height, raw.Width);
        float largest = reference.Values.ToArray().Max(Math.Abs);
        (raw.Values.LargestDifference(reference.Values) / largest).Should().BeLessThan(1e-3f, because);
    }
}
