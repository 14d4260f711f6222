using System.Globalization;
using ScoreCam.IO;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.Gradient;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>What the options of the command say to every method.</summary>
/// <param name="Layer">The layer; null takes the default one. Methods that read no layer ignore it.</param>
/// <param name="Seed">For what is random.</param>
/// <param name="ScoreCam">Options of Score-CAM; null takes those of the method's variant.</param>
internal sealed record MethodSettings(string? Layer = null, int Seed = 0, ScoreCamOptions? ScoreCam = null)
{
    /// <summary>The layer as options take it.</summary>
    public IReadOnlyList<string> Layers => Layer is null ? [] : [Layer];
}

/// <summary>
/// A method as the command line names it, with a variant or without: <c>score-cam</c>, <c>score-cam:official</c>,
/// <c>rise:500</c>. A new method is one line in <see cref="Table"/>.
/// </summary>
internal sealed class Method
{
    private static readonly Entry[] Table =
    [
        new(ScoreCamName, ScoreCam) { Variants = "PRESET|adaptive-N|top-variance-N|two-sided" },
        new("cam", (model, s) => new CamExplainer(model, new() { Layers = s.Layers })),
        new("ablation-cam", (model, s) => new AblationCamExplainer(model, new() { Layers = s.Layers })),
        new("eigen-cam", (model, s) => new EigenCamExplainer(model, new() { Layers = s.Layers })),
        new("recipro-cam", (model, s) => new ReciproCamExplainer(model, new() { Layers = s.Layers })),
        new("grad-cam", (model, s) => new GradCamExplainer(model, new() { Layers = s.Layers })),
        new("grad-cam++", GradCamPlusPlus) { Variants = "PRESET" },
        new("smooth-grad-cam++", (model, s) =>
            new SmoothGradCamPlusPlusExplainer(model, new() { Layers = s.Layers, Seed = s.Seed })),
        new("xgrad-cam", (model, s) => new XGradCamExplainer(model, new() { Layers = s.Layers })),
        new("hires-cam", (model, s) => new HiResCamExplainer(model, new() { Layers = s.Layers })),
        new("layer-cam", (model, s) => new LayerCamExplainer(model, new() { Layers = s.Layers })),
        new("eigengrad-cam", (model, s) => new EigenGradCamExplainer(model, new() { Layers = s.Layers })),
        new("refine-cam", RefineCam),
        new("grad++score-cam", (model, s) => new GradPlusPlusScoreCamExplainer(model, new() { Layers = s.Layers })),
        new("gradient", (model, _) => new GradientExplainer(model)) { ReadsLayer = false },
        new("gradient-x-input", (model, _) => new GradientTimesInputExplainer(model)) { ReadsLayer = false },
        new("guided-backprop", (model, _) => new GuidedBackpropagationExplainer(model)) { ReadsLayer = false },
        new("guided-grad-cam", (model, s) => new GuidedGradCamExplainer(model, new() { Layers = s.Layers })),
        new("smooth-grad", SmoothGrad) { Variants = "SAMPLES|squared|variance", ReadsLayer = false },
        new("integrated-gradients", IntegratedGradients) { Variants = "STEPS", ReadsLayer = false },
        new("vit-cx", (model, s) => new VitCxExplainer(model, new() { Layers = s.Layers, Seed = s.Seed })),
        new("rise", Rise) { Variants = "MASKS", ReadsLayer = false },
        new("mask", Mask) { Variants = "ITERATIONS", ReadsLayer = false },
        new("extremal-perturbation", Extremal) { Variants = "ITERATIONS", ReadsLayer = false },
        new("occlusion", Occlusion) { Variants = "WINDOW", ReadsLayer = false },
        new("random", (model, s) => new RandomWeightsCamExplainer(model, new() { Layers = s.Layers, Seed = s.Seed }))
        {
            IsControl = true,
        },
        new("uniform", (model, _) => new UniformMapExplainer(model)) { IsControl = true, ReadsLayer = false },
    ];

    private static readonly Dictionary<string, GradCamPlusPlusPreset> GradCamPlusPlusPresets = new()
    {
        ["paper"] = GradCamPlusPlusPreset.Paper,
        ["authors"] = GradCamPlusPlusPreset.Authors,
        ["pytorch-grad-cam"] = GradCamPlusPlusPreset.PytorchGradCam,
        ["torch-cam"] = GradCamPlusPlusPreset.TorchCam,
    };

    /// <summary>Layers that RefineCAM multiplies.</summary>
    private const int RefinedLayers = 3;

    private const string ScoreCamName = "score-cam";
    private const string Adaptive = "adaptive-", TopVariance = "top-variance-";

    private static readonly string ScoreCamVariants =
        $"{Adaptive}N, {TopVariance}N, two-sided, {string.Join(", ", ScoreCamArguments.Presets.Keys)}";

    private readonly Entry _entry;
    private readonly string? _variant;
    private readonly Func<ImageModel, MethodSettings, Explainer> _create;

    private Method(Entry entry, string name, string? variant) =>
        (_entry, _variant, Name, _create) = (entry, variant, name, entry.Parse(variant));

    /// <summary>What <c>--method</c> takes, for the help and for errors.</summary>
    public static string Grammar { get; } =
        $"{string.Join(", ", Table.Where(entry => !entry.IsControl))}; controls: "
        + string.Join(", ", Table.Where(entry => entry.IsControl));

    /// <summary>Every method that is not a control, without variants.</summary>
    public static IReadOnlyList<Method> All =>
        [.. Table.Where(entry => !entry.IsControl).Select(entry => new Method(entry, entry.Name, null))];

    /// <summary>Maps that know nothing of the network's decision. They stand beside every table.</summary>
    public static IReadOnlyList<Method> Controls =>
        [.. Table.Where(entry => entry.IsControl).Select(entry => new Method(entry, entry.Name, null))];

    public string Name { get; }

    /// <summary>True for a map that knows nothing of the network's decision.</summary>
    public bool IsControl => _entry.IsControl;

    /// <summary>False for a method that works on the picture alone.</summary>
    public bool ReadsLayer => _entry.ReadsLayer;

    /// <summary>The options that the variant of Score-CAM stands for; null for every other method.</summary>
    public ScoreCamOptions? ScoreCamOptions => _entry.Name == ScoreCamName ? OptionsOf(_variant) : null;

    public bool HasVariant => _variant is not null;

    /// <exception cref="UserException">There is no such method.</exception>
    public static Method Parse(string text)
    {
        string name = text.Trim().ToLowerInvariant();
        string[] parts = name.Split(':', 2);
        Entry? entry = Table.FirstOrDefault(entry => entry.Name == parts[0]);
        if (entry is null || (parts.Length == 2 && entry.Variants is null))
        {
            string? suggestion = Suggestion.DidYouMean(parts[0], Table.Select(known => known.Name));
            throw new UserException($"there is no method '{text}'{suggestion ?? $"; methods are {Grammar}"}");
        }
        return new(entry, name == $"{ScoreCamName}:paper" ? ScoreCamName : name, parts.Length == 2 ? parts[1] : null);
    }

    /// <summary>The method for a model.</summary>
    public Explainer For(ImageModel model, MethodSettings settings) => _create(model, settings);

    /// <inheritdoc cref="For(ImageModel, MethodSettings)"/>
    public Explainer For(ImageModel model, int seed = 0, string? layer = null) => For(model, new(layer, seed));

    private static Func<ImageModel, MethodSettings, Explainer> ScoreCam(string? variant)
    {
        ScoreCamOptions named = OptionsOf(variant);
        return (model, s) =>
        {
            ScoreCamOptions options = s.ScoreCam ?? named;
            return new ScoreCamExplainer(model, s.Layer is null ? options : options with { Layers = [s.Layer] });
        };
    }

    private static ScoreCamOptions OptionsOf(string? variant) => variant switch
    {
        null => new(),
        "two-sided" => new() { TwoSided = true },
        _ when variant.StartsWith(Adaptive, StringComparison.Ordinal) =>
            new() { Sampling = ChannelSampling.Adaptive(Count(variant, variant[Adaptive.Length..])) },
        _ when variant.StartsWith(TopVariance, StringComparison.Ordinal) =>
            new() { Sampling = ChannelSampling.TopVariance(Count(variant, variant[TopVariance.Length..])) },
        _ when ScoreCamArguments.Presets.TryGetValue(variant, out ScoreCamPreset preset) => new() { Preset = preset },
        _ => throw new UserException(
            $"there is no variant '{ScoreCamName}:{variant}'"
            + (Suggestion.DidYouMean(variant, ScoreCamArguments.Presets.Keys) ?? $"; variants are {ScoreCamVariants}")),
    };

    private static Func<ImageModel, MethodSettings, Explainer> GradCamPlusPlus(string? variant)
    {
        GradCamPlusPlusPreset preset = GradCamPlusPlusPreset.Paper;
        if (variant is not null && !GradCamPlusPlusPresets.TryGetValue(variant, out preset))
            throw new UserException($"there is no variant 'grad-cam++:{variant}'; variants are "
                + string.Join(", ", GradCamPlusPlusPresets.Keys));
        return (model, s) => new GradCamPlusPlusExplainer(model, new() { Layers = s.Layers, Preset = preset });
    }

    /// <summary>Grad-CAM on the last layer of each resolution, from the default one upwards, as RefineCAM multiplies them.</summary>
    private static Explainer RefineCam(ImageModel model, MethodSettings settings)
    {
        IReadOnlyList<string> layers = settings.Layers;
        if (layers is [])
            layers = [.. model.Layers
                .Where(layer => layer.Height >= model.DefaultLayer.Height)
                .TakeWhile(layer => layer.Name != model.DefaultLayer.Name)
                .Append(model.DefaultLayer)
                .GroupBy(layer => (layer.Height, layer.Width))
                .Select(size => size.Last().Name)
                .TakeLast(RefinedLayers)];
        return new GradCamExplainer(model, new() { Layers = layers, Combination = LayerCombination.Product });
    }

    private static Func<ImageModel, MethodSettings, Explainer> SmoothGrad(string? variant)
    {
        SmoothGradOptions options = variant switch
        {
            null => new(),
            "squared" => new() { Form = SmoothGradForm.Squared },
            "variance" => new() { Form = SmoothGradForm.Variance },
            _ => new() { Samples = Count(variant, variant) },
        };
        return (model, s) => new SmoothGradExplainer(model, options with { Seed = s.Seed });
    }

    private static Func<ImageModel, MethodSettings, Explainer> IntegratedGradients(string? variant)
    {
        IntegratedGradientsOptions options = variant is null ? new() : new() { Steps = Count(variant, variant) };
        return (model, _) => new IntegratedGradientsExplainer(model, options);
    }

    private static Func<ImageModel, MethodSettings, Explainer> Mask(string? variant)
    {
        MeaningfulPerturbationOptions options = variant is null ? new() : new() { Iterations = Count(variant, variant) };
        return (model, s) => new MeaningfulPerturbationExplainer(model, options with { Seed = s.Seed });
    }

    private static Func<ImageModel, MethodSettings, Explainer> Extremal(string? variant)
    {
        ExtremalPerturbationOptions options = variant is null ? new() : new() { Iterations = Count(variant, variant) };
        return (model, _) => new ExtremalPerturbationExplainer(model, options);
    }

    private static Func<ImageModel, MethodSettings, Explainer> Rise(string? variant)
    {
        RiseOptions options = variant is null ? new() : new() { Masks = Count(variant, variant) };
        return (model, s) => new RiseExplainer(model, options with { Seed = s.Seed });
    }

    private static Func<ImageModel, MethodSettings, Explainer> Occlusion(string? variant)
    {
        OcclusionOptions options = variant is null ? new() : new() { Window = Count(variant, variant) };
        return (model, _) => new OcclusionExplainer(model, options);
    }

    private static int Count(string variant, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new UserException($"the variant '{variant}' needs a whole number of at least 1, not '{number}'");

    /// <summary>A line of the table.</summary>
    /// <param name="Name">As <c>--method</c> takes it.</param>
    /// <param name="Parse">Reads what is after the colon, null for nothing, and says how the explainer is made.</param>
    private sealed record Entry(string Name, Func<string?, Func<ImageModel, MethodSettings, Explainer>> Parse)
    {
        /// <summary>A method without variants.</summary>
        public Entry(string name, Func<ImageModel, MethodSettings, Explainer> create)
            : this(name, _ => create)
        {
        }

        /// <summary>What may be after the colon, for the help; null for nothing.</summary>
        public string? Variants { get; init; }

        public bool IsControl { get; init; }

        public bool ReadsLayer { get; init; } = true;

        public override string ToString() => Variants is null ? Name : $"{Name}[:{Variants}]";
    }
}
