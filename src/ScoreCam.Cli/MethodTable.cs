using System.Globalization;
using ScoreCam.IO;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.Gradient;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>An entry of the table of methods.</summary>
/// <param name="Name">The name for <c>--method</c>.</param>
/// <param name="Parse">
/// Parses the text after the colon, which is null if there is none, and returns a function that creates the explainer.
/// </param>
internal sealed record MethodEntry(string Name, Func<string?, Func<ImageModel, MethodSettings, Explainer>> Parse)
{
    /// <summary>A method without variants.</summary>
    public MethodEntry(string name, Func<ImageModel, MethodSettings, Explainer> create)
        : this(name, _ => create)
    {
    }

    /// <summary>The allowed text after the colon, for the help; null if none is allowed.</summary>
    public string? Variants { get; init; }

    /// <summary>The variant that equals the method without a variant.</summary>
    public string? PlainVariant { get; init; }

    public bool IsControl { get; init; }

    public bool ReadsLayer { get; init; } = true;

    public bool HasFill { get; init; }

    public override string ToString() => Variants is null ? Name : $"{Name}[:{Variants}]";
}

/// <summary>All methods of the command. To add a method, add one entry here.</summary>
internal static class MethodTable
{
    public const string ScoreCamName = "score-cam";

    private const string Adaptive = "adaptive-", TopVariance = "top-variance-";

    /// <summary>The number of layers that RefineCAM multiplies.</summary>
    private const int RefinedLayers = 3;

    private static readonly Dictionary<string, GradCamPlusPlusPreset> GradCamPlusPlusPresets = new()
    {
        ["paper"] = GradCamPlusPlusPreset.Paper,
        ["authors"] = GradCamPlusPlusPreset.Authors,
        ["pytorch-grad-cam"] = GradCamPlusPlusPreset.PytorchGradCam,
        ["torch-cam"] = GradCamPlusPlusPreset.TorchCam,
    };

    public static IReadOnlyList<MethodEntry> Entries { get; } =
    [
        new(ScoreCamName, ScoreCam)
        {
            Variants = "PRESET|adaptive-N|top-variance-N|two-sided",
            PlainVariant = "paper",
            HasFill = true,
        },
        new("ss-cam", SsCam) { Variants = "SAMPLES", HasFill = true },
        new("is-cam", IsCam) { Variants = "STEPS", HasFill = true },
        new("cam", (model, s) => new CamExplainer(model, s.OfLayers)),
        new("ablation-cam", (model, s) => new AblationCamExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip })),
        new("eigen-cam", (model, s) => new EigenCamExplainer(model, s.OfLayers)),
        new("recipro-cam", (model, s) => new ReciproCamExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip })),
        new("grad-cam", (model, s) => new GradCamExplainer(model, s.OfLayers)),
        new("grad-cam++", GradCamPlusPlus) { Variants = "PRESET", PlainVariant = "paper" },
        new("smooth-grad-cam++", (model, s) => new SmoothGradCamPlusPlusExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip, Seed = s.Seed })),
        new("xgrad-cam", (model, s) => new XGradCamExplainer(model, s.OfLayers)),
        new("hires-cam", (model, s) => new HiResCamExplainer(model, s.OfLayers)),
        new("layer-cam", (model, s) => new LayerCamExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip })),
        new("eigengrad-cam", (model, s) => new EigenGradCamExplainer(model, s.OfLayers)),
        new("refine-cam", RefineCam),
        new("grad++score-cam", (model, s) => new GradPlusPlusScoreCamExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip })),
        new("gradient", (model, s) => new GradientExplainer(model, s.OfPicture)) { ReadsLayer = false },
        new("gradient-x-input", (model, s) => new GradientTimesInputExplainer(model, s.OfPicture))
        {
            ReadsLayer = false,
        },
        new("guided-backprop", (model, s) => new GuidedBackpropagationExplainer(model, s.OfPicture))
        {
            ReadsLayer = false,
        },
        new("guided-grad-cam", (model, s) => new GuidedGradCamExplainer(model, s.OfLayers)),
        new("smooth-grad", SmoothGrad) { Variants = "SAMPLES|squared|variance", ReadsLayer = false },
        new("integrated-gradients", IntegratedGradients) { Variants = "STEPS", ReadsLayer = false },
        new("full-grad", (model, s) => new FullGradExplainer(model, s.OfPicture)) { ReadsLayer = false },
        new("vit-cx", (model, s) => new VitCxExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip, Seed = s.Seed })),
        new("rise", Rise) { Variants = "MASKS", ReadsLayer = false, HasFill = true },
        new("mask", Mask) { Variants = "ITERATIONS", ReadsLayer = false },
        new("extremal-perturbation", Extremal) { Variants = "ITERATIONS", ReadsLayer = false },
        new("occlusion", Occlusion) { Variants = "WINDOW", ReadsLayer = false, HasFill = true },
        new("random", (model, s) => new RandomWeightsCamExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip, Seed = s.Seed }))
        {
            IsControl = true,
        },
        new("mean-activation", (model, s) => new MeanActivationExplainer(model, s.OfLayers)) { IsControl = true },
        new("sobel", (model, _) => new SobelEdgesExplainer(model)) { IsControl = true, ReadsLayer = false },
        new("center-gaussian", (model, _) => new CenterGaussianExplainer(model))
        {
            IsControl = true,
            ReadsLayer = false,
        },
        new("uniform", (model, _) => new UniformMapExplainer(model)) { IsControl = true, ReadsLayer = false },
    ];

    /// <exception cref="UserException">The variant does not exist.</exception>
    public static ScoreCamOptions ScoreCamOptions(string? variant)
    {
        int Passes(string prefix) => Count(ScoreCamName, variant!, variant![prefix.Length..]);
        return variant switch
        {
            null => new(),
            "two-sided" => new() { TwoSided = true },
            _ when variant.StartsWith(Adaptive, StringComparison.Ordinal) =>
                new() { Sampling = ChannelSampling.Adaptive(Passes(Adaptive)) },
            _ when variant.StartsWith(TopVariance, StringComparison.Ordinal) =>
                new() { Sampling = ChannelSampling.TopVariance(Passes(TopVariance)) },
            _ => new() { Preset = Preset(ScoreCamName, variant, ScoreCamArguments.Presets) },
        };
    }

    private static Func<ImageModel, MethodSettings, Explainer> ScoreCam(string? variant)
    {
        ScoreCamOptions named = ScoreCamOptions(variant);
        return (model, s) => new ScoreCamExplainer(model, (s.ScoreCam ?? named) with
        {
            Layers = s.Layers,
            Signed = s.Signed,
            FlipAveraging = s.Flip,
            MaskFill = s.Fill,
        });
    }

    private static Func<ImageModel, MethodSettings, Explainer> SsCam(string? variant)
    {
        int? samples = variant is null ? null : Count("ss-cam", variant, variant);
        return (model, s) => Averaged(model, s, samples is { } n
            ? MaskAveraging.Noise(n, seed: s.Seed)
            : MaskAveraging.Noise(seed: s.Seed));
    }

    private static Func<ImageModel, MethodSettings, Explainer> IsCam(string? variant)
    {
        int? steps = variant is null ? null : Count("is-cam", variant, variant);
        return (model, s) => Averaged(model, s, steps is { } n ? MaskAveraging.Steps(n) : MaskAveraging.Steps());
    }

    private static ScoreCamExplainer Averaged(ImageModel model, MethodSettings settings, MaskAveraging averaging) =>
        new(model, new()
        {
            Layers = settings.Layers,
            Signed = settings.Signed,
            FlipAveraging = settings.Flip,
            MaskFill = settings.Fill,
            Averaging = averaging,
        });

    private static Func<ImageModel, MethodSettings, Explainer> GradCamPlusPlus(string? variant)
    {
        GradCamPlusPlusPreset preset = Preset("grad-cam++", variant ?? "paper", GradCamPlusPlusPresets);
        return (model, s) => new GradCamPlusPlusExplainer(
            model, new() { Layers = s.Layers, Signed = s.Signed, FlipAveraging = s.Flip, Preset = preset });
    }

    /// <summary>
    /// RefineCAM: the product of the Grad-CAM maps of the last layer of each resolution, up to the default layer.
    /// </summary>
    private static Explainer RefineCam(ImageModel model, MethodSettings settings)
    {
        LayerInfo last = model.DefaultLayer;
        IReadOnlyList<string> layers = settings.Layers is [_, ..] named ? named : [.. model.Layers
            .Where(layer => layer.Height >= last.Height)
            .TakeWhile(layer => layer.Name != last.Name)
            .Append(last)
            .GroupBy(layer => (layer.Height, layer.Width))
            .Select(size => size.Last().Name)
            .TakeLast(RefinedLayers)];
        return new GradCamExplainer(
            model, settings.OfLayers with { Layers = layers, Combination = LayerCombination.Product });
    }

    private static Func<ImageModel, MethodSettings, Explainer> SmoothGrad(string? variant)
    {
        SmoothGradOptions options = variant switch
        {
            null => new(),
            "squared" => new() { Form = SmoothGradForm.Squared },
            "variance" => new() { Form = SmoothGradForm.Variance },
            _ => new() { Samples = Count("smooth-grad", variant, variant) },
        };
        return (model, s) => new SmoothGradExplainer(
            model, options with { Seed = s.Seed, Signed = s.Signed, FlipAveraging = s.Flip });
    }

    private static Func<ImageModel, MethodSettings, Explainer> IntegratedGradients(string? variant)
    {
        IntegratedGradientsOptions options = new();
        if (variant is not null)
            options = options with { Steps = Count("integrated-gradients", variant, variant) };
        return (model, s) => new IntegratedGradientsExplainer(
            model, options with { Signed = s.Signed, FlipAveraging = s.Flip });
    }

    private static Func<ImageModel, MethodSettings, Explainer> Rise(string? variant)
    {
        RiseOptions options = variant is null ? new() : new() { Masks = Count("rise", variant, variant) };
        return (model, s) => new RiseExplainer(
            model, options with { Seed = s.Seed, MaskFill = s.Fill, Signed = s.Signed, FlipAveraging = s.Flip });
    }

    private static Func<ImageModel, MethodSettings, Explainer> Occlusion(string? variant)
    {
        OcclusionOptions options = variant is null ? new() : new() { Window = Count("occlusion", variant, variant) };
        return (model, s) => new OcclusionExplainer(
            model, options with { MaskFill = s.Fill, Signed = s.Signed, FlipAveraging = s.Flip });
    }

    private static Func<ImageModel, MethodSettings, Explainer> Mask(string? variant)
    {
        MeaningfulPerturbationOptions options = new();
        if (variant is not null)
            options = options with { Iterations = Count("mask", variant, variant) };
        return (model, s) => new MeaningfulPerturbationExplainer(
            model, options with { Seed = s.Seed, Signed = s.Signed, FlipAveraging = s.Flip });
    }

    private static Func<ImageModel, MethodSettings, Explainer> Extremal(string? variant)
    {
        ExtremalPerturbationOptions options = new();
        if (variant is not null)
            options = options with { Iterations = Count("extremal-perturbation", variant, variant) };
        return (model, s) => new ExtremalPerturbationExplainer(
            model, options with { Signed = s.Signed, FlipAveraging = s.Flip });
    }

    private static T Preset<T>(string method, string variant, IReadOnlyDictionary<string, T> presets)
    {
        if (presets.TryGetValue(variant, out T? preset))
            return preset;
        MethodEntry entry = Entries.First(entry => entry.Name == method);
        string instead = Suggestion.DidYouMean(variant, presets.Keys)
            ?? $"; it takes {entry}, with the presets {string.Join(", ", presets.Keys)}";
        throw new UserException($"there is no '{method}:{variant}'{instead}");
    }

    private static int Count(string method, string variant, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new UserException(
                $"'{method}:{variant}': a whole number of at least 1 was expected, not '{number}'");
}
