using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>What the options of the command say to every method.</summary>
internal sealed record MethodSettings
{
    /// <summary>The layer; null takes the default one. Methods that read no layer ignore it.</summary>
    public string? Layer { get; init; }

    /// <summary>The layer as options take it.</summary>
    public IReadOnlyList<string> Layers => Layer is null ? [] : [Layer];

    /// <summary>For what is random.</summary>
    public int Seed { get; init; }

    /// <summary>What masked pixels become. Methods that mask nothing ignore it.</summary>
    public MaskFill Fill { get; init; } = MaskFill.Zero;

    public bool Signed { get; init; }

    /// <summary>Whether the map of the mirrored picture is averaged in.</summary>
    public bool Flip { get; init; }

    /// <summary>Options that only Score-CAM has; null takes those of the method's variant.</summary>
    public ScoreCamOptions? ScoreCam { get; init; }

    /// <summary>The options that every method has.</summary>
    public MethodOptions OfPicture => new() { Signed = Signed, FlipAveraging = Flip };

    /// <summary>The options that every method that reads layers has.</summary>
    public LayerOptions OfLayers => new() { Layers = Layers, Signed = Signed, FlipAveraging = Flip };
}

/// <summary>
/// A method as the command line names it, with a variant or without: <c>score-cam</c>, <c>score-cam:official</c>,
/// <c>rise:500</c>. <see cref="MethodTable"/> lists them.
/// </summary>
internal sealed class Method
{
    /// <summary>The method where none is named.</summary>
    public const string Default = MethodTable.ScoreCamName;

    private readonly MethodEntry _entry;
    private readonly string? _variant;
    private readonly Func<ImageModel, MethodSettings, Explainer> _create;

    private Method(MethodEntry entry, string? variant = null)
    {
        (_entry, _variant, _create) = (entry, variant, entry.Parse(variant));
        Name = variant is null ? entry.Name : $"{entry.Name}:{variant}";
    }

    /// <summary>Stands for every method that is not a control.</summary>
    public const string Everything = "all";

    /// <summary>What <c>--method</c> takes, for the help and for errors.</summary>
    public static string Grammar { get; } =
        $"{string.Join(", ", MethodTable.Entries.Where(entry => !entry.IsControl))}; controls: "
        + string.Join(", ", MethodTable.Entries.Where(entry => entry.IsControl));

    /// <summary>What <c>--method</c> takes where several methods are compared.</summary>
    public static string ManyGrammar { get; } =
        $"{Grammar}. {Everything} takes every method but the controls, those of thousands of passes included (ss-cam, "
        + "mask, extremal-perturbation); a method that does not run on the network is named with the reason";

    /// <summary>Every method that is not a control, without variants.</summary>
    public static IReadOnlyList<Method> All =>
        [.. MethodTable.Entries.Where(entry => !entry.IsControl).Select(entry => new Method(entry))];

    /// <summary>Maps that know nothing of the network's decision. They stand beside every table.</summary>
    public static IReadOnlyList<Method> Controls =>
        [.. MethodTable.Entries.Where(entry => entry.IsControl).Select(entry => new Method(entry))];

    public string Name { get; }

    /// <summary>True for a map that knows nothing of the network's decision.</summary>
    public bool IsControl => _entry.IsControl;

    /// <summary>False for a method that works on the picture alone.</summary>
    public bool ReadsLayer => _entry.ReadsLayer;

    /// <summary>True for a method that masks the picture and lets the caller choose the fill.</summary>
    public bool HasFill => _entry.HasFill;

    public bool HasVariant => _variant is not null;

    /// <summary>The options that the variant of Score-CAM stands for; null for every other method.</summary>
    public ScoreCamOptions? ScoreCamOptions =>
        _entry.Name == MethodTable.ScoreCamName ? MethodTable.ScoreCamOptions(_variant) : null;

    /// <exception cref="UserException">There is no such method.</exception>
    public static Method Parse(string text)
    {
        string[] parts = text.Trim().ToLowerInvariant().Split(':', 2);
        string? variant = parts.Length == 2 ? parts[1] : null;
        MethodEntry? entry = MethodTable.Entries.FirstOrDefault(entry => entry.Name == parts[0]);
        if (entry is null || (variant is not null && entry.Variants is null))
        {
            string? suggestion = Suggestion.DidYouMean(parts[0], MethodTable.Entries.Select(known => known.Name));
            throw new UserException($"there is no method '{text}'{suggestion ?? $"; methods are {Grammar}"}");
        }
        return new(entry, variant == entry.PlainVariant ? null : variant);
    }

    /// <summary>
    /// The methods of these names, each once. A name may be a list with commas, and <c>all</c> stands for every method
    /// without a variant.
    /// </summary>
    /// <exception cref="UserException">There is no such method.</exception>
    public static IReadOnlyList<Method> ParseMany(IEnumerable<string> names) =>
    [
        .. names.DefaultIfEmpty(Default).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries))
            .SelectMany(name => name.Equals(Everything, StringComparison.OrdinalIgnoreCase) ? All : [Parse(name)])
            .DistinctBy(method => method.Name),
    ];

    /// <summary>The method for a model.</summary>
    public Explainer For(ImageModel model, MethodSettings settings) => _create(model, settings);

    /// <inheritdoc cref="For(ImageModel, MethodSettings)"/>
    public Explainer For(ImageModel model, int seed = 0, string? layer = null) =>
        For(model, new() { Seed = seed, Layer = layer });
}
