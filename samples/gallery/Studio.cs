using ScoreCam;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;

namespace Gallery;

/// <summary>One method for each group of pictures.</summary>
internal sealed class Studio(string folder) : IDisposable
{
    private const int Square = 600;
    private const int Large = 400;
    private const int Small = 220;
    private const int Tiny = 150;

    private readonly ImageModel _model = ImageModel.Load("models/squeezenet1.1");
    private readonly RgbImage _coffee = ImageSharpImage.Load("photos/coffee.png");
    private readonly RgbImage _collage = ImageSharpImage.Load("photos/collage.png");
    private readonly RgbImage _astronaut = ImageSharpImage.Load("photos/astronaut.png");

    private static Target Cat => Target.Class("Egyptian cat");

    private static Target Espresso => Target.Class("espresso");

    private static Colormap Gray { get; } =
        new([.. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)i, (byte)i })]);

    /// <summary>One picture, two questions.</summary>
    public void Questions()
    {
        IReadOnlyList<Explanation> both = new ScoreCamExplainer(_model).Explain(_collage, [Cat, Espresso]);
        Save("collage", _collage, Large);
        Save("collage-cat", both[0].Overlay(), Large);
        Save("collage-espresso", both[1].Overlay(), Large);
    }

    /// <summary>Why the network takes an astronaut for a barbell.</summary>
    public void WrongAnswer()
    {
        Save("astronaut", _astronaut, Square);
        Save("astronaut-barbell", new ScoreCamExplainer(_model).Explain(_astronaut).Overlay(), Square);
    }

    /// <summary>The steps of the method: a channel's mask, what the network is shown under it, the map.</summary>
    public void Steps()
    {
        var explainer = new ScoreCamExplainer(_model);
        PreparedImage input = _model.Prepare(_coffee);
        Explanation why = explainer.Explain(input, Espresso);
        float[] weights = [.. why.Layers[0].ChannelWeights];
        SaliencyMap mask = explainer.ChannelMask(input, Array.IndexOf(weights, weights.Max()));
        RgbImage seen = _model.Preprocessing.ToPicture(input);
        Save("step-input", seen, Small);
        OverlayOptions plain = new() { Opacity = 1, OpacityFollowsMap = false, Colormap = Gray };
        Save("step-mask", Overlay.Draw(seen, mask, plain), Small);
        Save("step-masked", _model.Preprocessing.ToPicture(_model.Mask(input, mask)), Small);
        Save("step-map", Overlay.Draw(seen, why.Map), Small);
    }

    /// <summary>From edges to objects: an early, a middle and the default layer.</summary>
    public void Layers()
    {
        string last = _model.DefaultLayer.Name;
        string[] names = [.. _model.Layers.Where(layer => layer.OpType == "Concat").Select(layer => layer.Name)];
        (string Name, string Layer)[] layers =
            [("early", names[0]), ("middle", names[names.Length / 2]), ("last", last)];
        foreach ((string name, string layer) in layers)
        {
            var explainer = new ScoreCamExplainer(_model, new() { Layers = [layer] });
            Save($"layer-{name}", explainer.Explain(_coffee, Espresso).Overlay(), Small);
        }
    }

    /// <summary>Two presets, on a class that is in the picture and on one that is not.</summary>
    public void Presets()
    {
        (string Name, ScoreCamPreset Preset)[] presets =
        [
            ("paper", ScoreCamPreset.Paper), ("official", ScoreCamPreset.Official),
            ("increase", ScoreCamPreset.IncreaseOfConfidence), ("plus-plus", ScoreCamPreset.ScoreCamPlusPlus),
        ];
        foreach ((string name, ScoreCamPreset preset) in presets)
        {
            var explainer = new ScoreCamExplainer(_model, new() { Preset = preset });
            Save($"preset-{name}-cat", explainer.Explain(_collage, Cat).Overlay(), Small);
            Save($"preset-{name}-no-cat", explainer.Explain(_coffee, Cat).Overlay(), Small);
        }
    }

    /// <summary>What the options of the method change.</summary>
    public void Options()
    {
        ScoreCamOptions usual = new();
        Save("option-zero", Explain(usual, Espresso), Small);
        Save("option-blur", Explain(usual with { MaskFill = MaskFill.Blurred }, Espresso), Small);
        Save("option-flip", Explain(usual with { FlipAveraging = true }, Espresso), Small);
        ScoreCamOptions signed = new() { Preset = ScoreCamPreset.IncreaseOfConfidence, Signed = true };
        Save("option-signed", Explain(signed, Cat), Small);

        RgbImage Explain(ScoreCamOptions options, Target target) =>
            new ScoreCamExplainer(_model, options).Explain(_coffee, target).Overlay();
    }

    /// <summary>A figure with labels and legend.</summary>
    public void Page()
    {
        IReadOnlyList<Explanation> answers = new ScoreCamExplainer(_model).Explain(_collage, [Cat, Espresso]);
        RgbImage figure = Figure.Draw(answers, new() { PanelHeight = 220, Contour = 0.6f });
        Save("figure", figure, figure.Height);
    }

    /// <summary>The methods that the Score-CAM paper compares in its figure 2, one row per picture.</summary>
    public void Methods()
    {
        Explainer[] methods =
        [
            new GradientExplainer(_model), new GuidedBackpropagationExplainer(_model), new SmoothGradExplainer(_model),
            new IntegratedGradientsExplainer(_model), new MeaningfulPerturbationExplainer(_model),
            new RiseExplainer(_model), new GradCamExplainer(_model), new GradCamPlusPlusExplainer(_model),
            new ScoreCamExplainer(_model),
        ];
        foreach (string photo in new[] { "chelsea.png", "coffee.png", "rocket.jpg" })
            Row($"methods-{Path.GetFileNameWithoutExtension(photo)}", ImageSharpImage.Load($"photos/{photo}"), methods);
    }

    /// <summary>Methods on a small vision transformer.</summary>
    public void Transformer()
    {
        using var model = ImageModel.Load("models/vit-cifar10");
        Row("transformer", ImageSharpImage.Load("photos/chelsea.png"),
        [
            new VitCxExplainer(model), new RiseExplainer(model, new() { Masks = 500 }), new ReciproCamExplainer(model),
            new ScoreCamExplainer(model), new GradCamExplainer(model), new HiResCamExplainer(model),
            new IntegratedGradientsExplainer(model),
        ]);
    }

    public void Dispose() => _model.Dispose();

    /// <summary>A picture, and what each method shows on it.</summary>
    private void Row(string name, RgbImage picture, Explainer[] methods)
    {
        Save(name, picture, Tiny);
        foreach (Explainer method in methods)
        {
            string type = method.GetType().Name.Replace("Explainer", "", StringComparison.Ordinal);
            Save($"{name}-{type.ToLowerInvariant()}", method.Explain(picture).Overlay(), Tiny);
        }
    }

    /// <summary>Saves a picture, no larger than a page needs.</summary>
    private void Save(string name, RgbImage picture, int height)
    {
        int width = picture.Width * height / picture.Height;
        using Image image = picture.Resize(width, height, ResampleFilter.Bicubic).ToImageSharp();
        image.SaveAsJpeg(Path.Combine(folder, $"{name}.jpg"));
    }
}
