using ScoreCam;
using ScoreCam.Skia;

namespace Gallery;

/// <summary>One method for each group of pictures.</summary>
internal sealed class Studio(string folder) : IDisposable
{
    private const string Cup = "cup";
    private const int Side = 240;
    private const int SmallSide = 160;

    private static readonly (string Name, string Tensor)[] BlockEnds =
    [
        ("layer1", "/layer1/layer1.1/Relu_1_output_0"),
        ("layer2", "/layer2/layer2.1/Relu_1_output_0"),
        ("layer3", "/layer3/layer3.1/Relu_1_output_0"),
    ];

    private readonly ImageModel _model = ImageModel.Load("models/everyday20");
    private readonly RgbImage _coffee = SkiaImage.Load("photos/coffee.png");
    private readonly RgbImage _collage = SkiaImage.Load("photos/collage.png");
    private readonly RgbImage _astronaut = SkiaImage.Load("photos/astronaut.png");

    /// <summary>One picture, two questions.</summary>
    public void Questions()
    {
        IReadOnlyList<Explanation> both = new ScoreCamExplainer(_model).Explain(_collage, [Target.Class("cat"), Target.Class(Cup)]);
        Save("collage", _collage);
        Save("collage-cat", both[0].Overlay());
        Save("collage-cup", both[1].Overlay());
    }

    /// <summary>What the network took for a chain saw.</summary>
    public void WrongAnswer()
    {
        Save("astronaut", _astronaut);
        Save("astronaut-chain-saw", new ScoreCamExplainer(_model).Explain(_astronaut).Overlay());
    }

    /// <summary>From fine edges to coarse things.</summary>
    public void Layers()
    {
        foreach ((string name, string tensor) in BlockEnds)
            Save($"cup-{name}", new ScoreCamExplainer(_model, new() { Layers = [tensor] }).Explain(_coffee, Target.Class(Cup)).Overlay());
    }

    /// <summary>The presets that can be told apart by eye, on a class that is there and on one that is not.</summary>
    public void Presets()
    {
        (string Name, ScoreCamPreset Preset)[] presets =
        [
            ("paper", ScoreCamPreset.Paper),
            ("official", ScoreCamPreset.Official),
            ("increase", ScoreCamPreset.IncreaseOfConfidence),
            ("plus-plus", ScoreCamPreset.ScoreCamPlusPlus),
        ];
        foreach ((string name, ScoreCamPreset preset) in presets)
        {
            var explainer = new ScoreCamExplainer(_model, new() { Preset = preset });
            Save($"preset-{name}-cat", explainer.Explain(_collage, Target.Class("cat")).Overlay(), SmallSide);
            Save($"preset-{name}-no-cat", explainer.Explain(_coffee, Target.Class("cat")).Overlay(), SmallSide);
        }
    }

    /// <summary>Ways to draw one map.</summary>
    public void Drawing()
    {
        Explanation why = new ScoreCamExplainer(_model).Explain(_coffee);
        SaliencyMap map = why.MapOnPicture();
        Save("draw-overlay", why.Overlay(), SmallSide);
        Save("draw-clear", why.Overlay(new() { OpacityFollowsMap = true, Opacity = 0.8f }), SmallSide);
        Save("draw-inferno", why.Overlay(new() { Colormap = Colormap.Inferno, Opacity = 0.7f }), SmallSide);
        RgbImage contour = Contour.Draw(_coffee, map, 0.6f);
        Save("draw-lines", map.BoundingBox(0.6f)!.Value.DrawOn(contour, new() { Color = (120, 220, 255) }), SmallSide);
    }

    /// <summary>What the options of the method change.</summary>
    public void Options()
    {
        (Target cat, Target cup) = (Target.Class("cat"), Target.Class(Cup));
        Save("option-blur", new ScoreCamExplainer(_model, new() { MaskFill = MaskFill.Blurred }).Explain(_coffee, cup).Overlay(), SmallSide);
        Save("option-flip", new ScoreCamExplainer(_model, new() { FlipAveraging = true }).Explain(_coffee, cup).Overlay(), SmallSide);
        ScoreCamOptions signed = new() { Preset = ScoreCamPreset.IncreaseOfConfidence, Signed = true };
        Save("option-signed", new ScoreCamExplainer(_model, signed).Explain(_coffee, cat).Overlay(), SmallSide);
    }

    /// <summary>The steps of the method: a channel's mask, what the network is shown under it, the map.</summary>
    public void Steps()
    {
        var explainer = new ScoreCamExplainer(_model);
        PreparedImage input = _model.Prepare(_coffee);
        var why = explainer.Explain(input, Target.Class(Cup));
        float[] weights = [.. why.Layers[0].ChannelWeights];
        int best = Array.IndexOf(weights, weights.Max());
        SaliencyMap mask = explainer.ChannelMask(input, best);
        Save("step-input", _model.Preprocessing.ToPicture(input));
        Save("step-mask", Overlay.Draw(_model.Preprocessing.ToPicture(input), mask, new() { Opacity = 1, Colormap = Gray }));
        Save("step-masked", _model.Preprocessing.ToPicture(_model.Mask(input, mask)));
        Save("step-map", Overlay.Draw(_model.Preprocessing.ToPicture(input), why.Map));
    }

    /// <summary>A figure with labels and legend.</summary>
    public void Page()
    {
        var explainer = new ScoreCamExplainer(_model);
        Figure.Draw([explainer.Explain(_coffee)], new() { PanelHeight = 160, Contour = 0.6f }).SavePng(Path.Combine(folder, "figure.png"));
    }

    public void Dispose() => _model.Dispose();

    private static Colormap Gray { get; } = new([.. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)i, (byte)i })]);

    /// <summary>Saves a picture, small enough for a page.</summary>
    private void Save(string name, RgbImage picture, int height = Side)
    {
        int width = picture.Width * height / picture.Height;
        picture.Resize(width, height, ResampleFilter.Bicubic).SavePng(Path.Combine(folder, $"{name}.png"));
    }
}
