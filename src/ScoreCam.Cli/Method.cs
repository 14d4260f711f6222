using System.Globalization;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Controls;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>A method as the command line names it: <c>score-cam</c>, <c>score-cam:official</c>, <c>rise:500</c>.</summary>
internal sealed class Method
{
    private static readonly Method[] Plain =
    [
        new("eigen-cam", (model, _, layer) => new EigenCamExplainer(model, new() { Layer = layer })),
        new("cam", (model, _, layer) => new CamExplainer(model, new() { Layer = layer })),
        new("ablation-cam", (model, _, layer) => new AblationCamExplainer(model, new() { Layer = layer })),
        new("recipro-cam", (model, _, layer) => new ReciproCamExplainer(model, new() { Layer = layer })),
        new("random", (model, seed, layer) => new RandomWeightsCamExplainer(model, new() { Layer = layer, Seed = seed }), isControl: true),
        new("uniform", (model, _, _) => new UniformMapExplainer(model), isControl: true),
    ];

    private const string Adaptive = "adaptive-", TopVariance = "top-variance-";

    private readonly Func<ImageModel, int, string?, Explainer> _create;

    private Method(string name, Func<ImageModel, int, string?, Explainer> create, bool isControl = false) => (Name, _create, IsControl) = (name, create, isControl);

    /// <summary>What <c>--method</c> takes, for the help.</summary>
    public const string Grammar = "score-cam[:PRESET|:adaptive-N|:top-variance-N|:two-sided], rise[:MASKS], occlusion[:WINDOW], eigen-cam, cam, ablation-cam, recipro-cam, and the controls random and uniform";

    /// <summary>What no explanation at all is worth: they stand beside every table.</summary>
    public static IReadOnlyList<Method> Controls => [.. Plain.Where(method => method.IsControl)];

    public string Name { get; }

    /// <summary>True for a map that knows nothing of the network's decision.</summary>
    public bool IsControl { get; }

    /// <exception cref="UserException">There is no such method.</exception>
    public static Method Parse(string text)
    {
        string name = text.Trim().ToLowerInvariant();
        string[] parts = name.Split(':', 2);
        string? variant = parts.Length == 2 ? parts[1] : null;
        switch (parts[0])
        {
            case "score-cam":
                ScoreCamOptions scoreCam = ScoreCam(text, variant);
                return new(variant == "paper" ? "score-cam" : name, (model, _, layer) => new ScoreCamExplainer(model, scoreCam with { Layers = layer is null ? [] : [layer] }));
            case "rise":
                RiseOptions rise = variant is null ? new() : new() { Masks = Count(text, variant) };
                return new(name, (model, seed, _) => new RiseExplainer(model, rise with { Seed = seed }));
            case "occlusion":
                OcclusionOptions occlusion = variant is null ? new() : new() { Window = Count(text, variant) };
                return new(name, (model, _, _) => new OcclusionExplainer(model, occlusion));
            default:
                return Plain.FirstOrDefault(method => method.Name == name) ?? throw new UserException($"there is no method '{text}'; methods are {Grammar}");
        }
    }

    /// <summary>The method for a model.</summary>
    /// <param name="model">The network.</param>
    /// <param name="seed">For what is random.</param>
    /// <param name="layer">The layer; null takes the default one. Methods without a layer do not read it.</param>
    public Explainer For(ImageModel model, int seed = 0, string? layer = null) => _create(model, seed, layer);

    private static ScoreCamOptions ScoreCam(string text, string? variant) => variant switch
    {
        null => new(),
        "two-sided" => new() { TwoSided = true },
        _ when variant.StartsWith(Adaptive, StringComparison.Ordinal) => new() { Sampling = ChannelSampling.Adaptive(Count(text, variant[Adaptive.Length..])) },
        _ when variant.StartsWith(TopVariance, StringComparison.Ordinal) => new() { Sampling = ChannelSampling.TopVariance(Count(text, variant[TopVariance.Length..])) },
        _ when ScoreCamArguments.Presets.TryGetValue(variant, out ScoreCamPreset preset) => new() { Preset = preset },
        _ => throw new UserException($"there is no '{text}'; after score-cam: stands {Adaptive}N or {TopVariance}N (N passes), two-sided, or a preset: {string.Join(", ", ScoreCamArguments.Presets.Keys)}"),
    };

    private static int Count(string text, string variant) =>
        int.TryParse(variant, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new UserException($"'{text}': a whole number of at least 1 was expected, not '{variant}'");
}
