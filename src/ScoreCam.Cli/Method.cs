using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods;
using ScoreCam.Methods.ScoreCam;

namespace ScoreCam.Cli;

/// <summary>The command's options that apply to all methods.</summary>
internal sealed record MethodSettings
{
    /// <summary>The layer; null means the default layer. Methods that read no layer ignore it.</summary>
    public string? Layer { get; init; }

    /// <summary>The layer as a list, as the method options require.</summary>
    public IReadOnlyList<string> Layers => Layer is null ? [] : [Layer];

    /// <summary>The seed for random numbers.</summary>
    public int Seed { get; init; }

    /// <summary>The value of masked-out pixels. Methods that do not mask ignore it.</summary>
    public MaskFill Fill { get; init; } = MaskFill.Zero;

    public bool Signed { get; init; }

    /// <summary>Whether to average the map with the map of the mirrored picture.</summary>
    public bool Flip { get; init; }

    /// <summary>The options that only Score-CAM has; null means the options of the method's variant.</summary>
    public ScoreCamOptions? ScoreCam { get; init; }

    /// <summary>The options that all methods share.</summary>
    public MethodOptions OfPicture => new() { Signed = Signed, FlipAveraging = Flip };

    /// <summary>The options that all layer methods share.</summary>
    public LayerOptions OfLayers => new() { Layers = Layers, Signed = Signed, FlipAveraging = Flip };
}

/// <summary>
/// A method as named on the command line, with or without a variant: <c>score-cam</c>, <c>score-cam:official</c>,
/// <c>rise:500</c>. <see cref="MethodTable"/> lists the methods.
/// </summary>
internal sealed class Method
{
    /// <summary>The default method.</summary>
    public const string Default = MethodTable.ScoreCamName;

    private readonly MethodEntry _entry;
    private readonly string? _variant;
    private readonly Func<ImageModel, MethodSettings, Explainer> _create;

    private Method(MethodEntry entry, string? variant = null)
    {
        (_entry, _variant, _create) = (entry, variant, entry.Parse(variant));
        Name = variant is null ? entry.Name : $"{entry.Name}:{variant}";
    }

    /// <summary>The name that selects all methods except the controls.</summary>
    public const string Everything = "all";

    /// <summary>The syntax of <c>--method</c>, for the help and for errors.</summary>
    public static string Grammar { get; } =
        $"{string.Join(", ", MethodTable.Entries.Where(entry => !entry.IsControl))}; controls: "
        + string.Join(", ", MethodTable.Entries.Where(entry => entry.IsControl));

    /// <summary>The syntax of <c>--method</c> for several methods.</summary>
    public static string ManyGrammar { get; } =
        $"{Grammar}. {Everything} takes every method but the controls, those of thousands of passes included (ss-cam, "
        + "mask, extremal-perturbation); a method that does not run on the network is named with the reason";

    /// <summary>All methods except the controls, without variants.</summary>
    public static IReadOnlyList<Method> All =>
        [.. MethodTable.Entries.Where(entry => !entry.IsControl).Select(entry => new Method(entry))];

    /// <summary>Methods whose maps do not use the network's decision. They appear in every table.</summary>
    public static IReadOnlyList<Method> Controls =>
        [.. MethodTable.Entries.Where(entry => entry.IsControl).Select(entry => new Method(entry))];

    public string Name { get; }

    /// <summary>Whether the map does not use the network's decision.</summary>
    public bool IsControl => _entry.IsControl;

    /// <summary>Whether the method reads a layer. False for a method that works only on the picture.</summary>
    public bool ReadsLayer => _entry.ReadsLayer;

    /// <summary>Whether the method masks the picture and lets the caller choose the fill.</summary>
    public bool HasFill => _entry.HasFill;

    public bool HasVariant => _variant is not null;

    /// <summary>The options of the Score-CAM variant; null for all other methods.</summary>
    public ScoreCamOptions? ScoreCamOptions =>
        _entry.Name == MethodTable.ScoreCamName ? MethodTable.ScoreCamOptions(_variant) : null;

    /// <exception cref="UserException">The method does not exist.</exception>
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
    /// Parses the names of methods and removes duplicates. A name can be a comma-separated list, and <c>all</c> means
    /// every method without a variant.
    /// </summary>
    /// <exception cref="UserException">A method does not exist.</exception>
    public static IReadOnlyList<Method> ParseMany(IEnumerable<string> names) =>
    [
        .. names.DefaultIfEmpty(Default).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries))
            .SelectMany(name => name.Equals(Everything, StringComparison.OrdinalIgnoreCase) ? All : [Parse(name)])
            .DistinctBy(method => method.Name),
    ];

    /// <summary>Creates the explainer for a model.</summary>
    public Explainer For(ImageModel model, MethodSettings settings) => _create(model, settings);

    /// <inheritdoc cref="For(ImageModel, MethodSettings)"/>
    public Explainer For(ImageModel model, int seed = 0, string? layer = null) =>
        For(model, new() { Seed = seed, Layer = layer });
}
