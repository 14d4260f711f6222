using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;
using static ScoreCam.Tests.Support.TinyVit;
using static ScoreCam.Tests.Support.TinyVits;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// Vision transformers as different exporters write them: the layer, its grid, and the network after it.
/// </summary>
public class TokenLayerTests
{
    private const int Places = Rows * Columns;

    public static TheoryData<string> Names => new(Variants.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_layer_its_grid_and_its_prefix_are_found(string name)
    {
        TinyVit vit = Variants[name];
        using ImageModel model = vit.Load();
        LayerInfo layer = model.DefaultLayer;
        (layer.Name, layer.Layout, layer.Channels, layer.Height, layer.Width, layer.PrefixTokens)
            .Should().Be((vit.Expected, FeatureLayout.Tokens, Width, Rows, Columns, vit.Prefix));
        model.Layers.Should().Contain(layer);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Patch_tokens_influence_the_logits_at_the_layer_but_not_after_it_if_a_class_token_is_read(string name)
    {
        TinyVit vit = Variants[name];
        using var layer = new ReplacedLayer(vit, vit.Expected);
        float[] scores = layer.Logits(layer.Tokens);
        for (int i = 0; i < Places; i++)
            layer.Logits(Zeroed(layer.Tokens, vit.Prefix + i)).Should().NotEqual(scores);
        if (vit.Expected != "block1.norm1")
            return;
        foreach (string later in new[] { "block1.middle", "block1.out", "norm" })
        {
            using var unread = new ReplacedLayer(vit, later);
            unread.Logits(Zeroed(unread.Tokens, vit.Prefix + 1)).Should().Equal(unread.Logits(unread.Tokens));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_of_one_patch_changes_only_the_token_at_its_position(string name)
    {
        TinyVit vit = Variants[name];
        string embedded = vit.FreeSize ? (vit.Prefix > 0 ? "joined" : "patches") : "embedded";
        using var run = new TinySession(ModelProto.Parser.ParseFrom(vit.ToBytes()), embedded);
        float[] before = vit.Values(run, [.. Picture().Tensor]);
        for (int place = 0; place < Places; place++)
        {
            float[] picture = [.. Picture().Tensor];
            (int row, int column) = (place / Columns * Patch, place % Columns * Patch);
            picture[((row + 1) * Columns * Patch) + column + 2] += 3;
            float[] after = vit.Values(run, picture);
            IEnumerable<int> all = Enumerable.Range(0, vit.Tokens);
            int[] moved = [.. all.Where(t => !Token(after, t).SequenceEqual(Token(before, t)))];
            moved.Should().Equal(vit.Prefix + place);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recipro_CAM_agrees_with_the_whole_network_with_the_layer_replaced(string name)
    {
        TinyVit vit = Variants[name];
        using ImageModel model = vit.Load();
        float[] expected = OnlyOnePlace(vit, vit.Expected, vit.Prefix);
        var explainer = new ReciproCamExplainer(model, new() { Gaussian = false, Scored = ScoredValue.Logit });
        explainer.On(Picture(), Target.Class(2)).RawMap.Values.LargestDifference(expected).Should().BeLessThan(1e-4f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ablation_CAM_agrees_with_the_whole_network_with_the_layer_replaced(string name)
    {
        TinyVit vit = Variants[name];
        using ImageModel model = vit.Load();
        using var layer = new ReplacedLayer(vit, vit.Expected);
        float[] tokens = layer.Tokens;
        float whole = layer.Logits(tokens)[2];
        var expected = new float[Places];
        for (int k = 0; k < Width; k++)
        {
            float[] without = [.. tokens];
            for (int place = 0; place < Places; place++)
                without[((vit.Prefix + place) * Width) + k] = 0;
            float weight = (whole - layer.Logits(without)[2]) / Math.Abs(whole);
            for (int place = 0; place < Places; place++)
                expected[place] += weight * tokens[((vit.Prefix + place) * Width) + k];
        }
        var explainer = new AblationCamExplainer(model, new() { Scored = ScoredValue.Logit });
        float largest = expected.Max(Math.Abs);
        SaliencyMap raw = explainer.On(Picture(), Target.Class(2)).RawMap;
        (raw.Values.LargestDifference(expected) / largest).Should().BeLessThan(1e-3f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Score_CAM_agrees_with_masks_computed_by_hand(string name)
    {
        TinyVit vit = Variants[name];
        using ImageModel model = vit.Load();
        PreparedImage picture = Picture();
        using var layer = new ReplacedLayer(vit, vit.Expected);
        float[] tokens = layer.Tokens;
        float[][] maps = [.. Enumerable.Range(0, Width).Select(
            k => Enumerable.Range(0, Places).Select(i => tokens[((vit.Prefix + i) * Width) + k]).ToArray())];
        double[] scores = [.. maps.Select(map => (double)model.Predict(model.Mask(picture, Mask(map))).Logits[2])];
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
        float[] expected = [.. Enumerable.Range(0, Places).Select(
            i => (float)maps.Zip(exponentials, (map, e) => map[i] * e / exponentials.Sum()).Sum())];
        Explanation why = new ScoreCamExplainer(model).On(picture, Target.Class(2));
        why.RawMap.Values.LargestDifference(expected).Should().BeLessThan(1e-4f);
    }

    [Fact]
    public void A_prefix_after_the_patches_is_refused_with_candidates_and_explained_once_the_layout_is_given()
    {
        var vit = new TinyVit { PrefixLast = true };
        using (ImageModel unknown = vit.Load())
            unknown.Invoking(m => m.DefaultLayer).Should().Throw<UnsupportedModelException>()
                .WithMessage("*ModelOptions.Tokens*'norm' (13 tokens of 12 channels)*'block1.out'*");

        var layout = new TokenLayout { Layer = "block1.norm1", Height = Rows, Width = Columns };
        var options = new ModelOptions { Tokens = layout, Preprocessing = Preprocessing.Unit };
        using ImageModel model = ImageModel.Load(vit.ToBytes(), options);
        (model.DefaultLayer.Height, model.DefaultLayer.PrefixTokens).Should().Be((Rows, 0));
        float[] expected = OnlyOnePlace(vit, "block1.norm1", prefix: 0);
        var explainer = new ReciproCamExplainer(model, new() { Gaussian = false, Scored = ScoredValue.Logit });
        explainer.On(Picture(), Target.Class(2)).RawMap.Values.LargestDifference(expected).Should().BeLessThan(1e-4f);
    }

    [Theory]
    [InlineData("nowhere", 3, 4, 1, "*'nowhere'*no tensor of this name*")]
    [InlineData("embed.weight", 3, 4, 1, "*'embed.weight'*no tensor of this name*")]
    [InlineData("block1.norm1", 4, 4, 1, "*4 × 4 positions after 1 tokens*[1, 13, 12]*")]
    [InlineData("block1.norm1", 3, 4, 2, "*3 × 4 positions after 2 tokens*")]
    [InlineData("block1.norm1", 0, 4, 1, "*0 × 4 positions*")]
    [InlineData("block1.norm1", 1, 1, 1, "*1 × 1 positions*more than one position*")]
    [InlineData("block1.norm1", 3, 4, -1, "*after -1 tokens*")]
    [InlineData("embed", 3, 4, 0, "*[1, 12, 3, 4]*")]
    public void A_layout_that_does_not_fit_is_refused(string layer, int height, int width, int prefix, string message)
    {
        var layout = new TokenLayout { Layer = layer, Height = height, Width = width, PrefixTokens = prefix };
        FluentActions.Invoking(() => ImageModel.Load(new TinyVit().ToBytes(), new() { Tokens = layout }))
            .Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void A_layout_may_name_the_node()
    {
        const string Node = "LayerNormalization_block0.norm2";
        var layout = new TokenLayout { Layer = Node, Height = Rows, Width = Columns, PrefixTokens = 1 };
        using ImageModel model = ImageModel.Load(new TinyVit().ToBytes(), new() { Tokens = layout });
        model.DefaultLayer.Name.Should().Be("block0.norm2");
    }

    [Fact]
    public void A_network_of_free_size_has_a_grid_for_every_picture()
    {
        var vit = new TinyVit { FreeSize = true };
        using ImageModel model = vit.Load();
        foreach ((int height, int width) in new[] { (12, 16), (8, 20), (10, 14), (40, 4) })
        {
            SaliencyMap raw = new ReciproCamExplainer(model).On(Networks.Picture(height: height, width: width)).RawMap;
            (raw.Height, raw.Width).Should().Be((height / Patch, width / Patch));
        }
    }

    /// <summary>The logits of class 2 if all patch tokens but one are zero.</summary>
    private static float[] OnlyOnePlace(TinyVit vit, string tensor, int prefix)
    {
        using var layer = new ReplacedLayer(vit, tensor);
        var logits = new float[Places];
        for (int place = 0; place < Places; place++)
        {
            float[] only = [.. layer.Tokens];
            for (int other = 0; other < Places; other++)
                if (other != place)
                    only = Zeroed(only, prefix + other);
            logits[place] = layer.Logits(only)[2];
        }
        return logits;
    }

    private static float[] Zeroed(float[] tokens, int token)
    {
        float[] zeroed = [.. tokens];
        zeroed.AsSpan(token * Width, Width).Clear();
        return zeroed;
    }

    private static float[] Token(float[] tokens, int token) => tokens[(token * Width)..((token + 1) * Width)];

    private static SaliencyMap Mask(float[] map)
    {
        float[] enlarged = [.. new SaliencyMap(Columns, Rows, map).Resize(Columns * Patch, Rows * Patch).Values];
        (float low, float high) = (enlarged.Min(), enlarged.Max());
        return new(Columns * Patch, Rows * Patch, [.. enlarged.Select(v => (v - low) / (high - low))]);
    }
}
