using ScoreCam.Rendering;
using ScoreCam.Targets;

namespace ScoreCam.Cli.Explain;

/// <summary>The settings of <c>scorecam explain</c>, without the model.</summary>
internal sealed record ExplainSettings
{
    public required IReadOnlyList<string> Images { get; init; }

    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>The files of the model and of its class names, if they were named.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int? Top { get; init; }

    public required Method Method { get; init; }

    /// <summary>The settings of the method, for each layer.</summary>
    public required IReadOnlyList<MethodSettings> Layers { get; init; }

    public required OverlayOptions Overlay { get; init; }

    public required string? Out { get; init; }

    public required string? Json { get; init; }

    public required string? Map { get; init; }

    public required string? Figure { get; init; }

    /// <summary>The number of maps per image and layer.</summary>
    public int TargetCount => Math.Max(1, Classes.Count + (Top ?? 0));

    /// <summary>
    /// Returns the requested classes, followed by the best classes. If nothing was requested, returns the predicted
    /// class.
    /// </summary>
    /// <exception cref="ArgumentException">The model does not have a requested class.</exception>
    public IReadOnlyList<Target> TargetsFor(ImageModel model)
    {
        if (Top > model.Classes.Count)
            throw new UserException($"--top asks for {Top} classes, and the model has {model.Classes.Count}");
        Target[] named = [.. Classes.Select(name => Target.Class(model.Classes.IndexOf(name)))];
        return Top is { } top ? [.. named, .. Target.Top(top)]
            : named.Length > 0 ? named
            : [Target.Predicted];
    }

    /// <summary>Creates one explainer per layer.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public IReadOnlyList<Explainer> ExplainersFor(ImageModel model) =>
        [.. Layers.Select(settings => Method.For(model, settings))];
}
