using ScoreCam.Rendering;
using ScoreCam.Targets;

namespace ScoreCam.Cli.Explain;

/// <summary>What <c>scorecam explain</c> was asked for, without the model.</summary>
internal sealed record ExplainSettings
{
    public required IReadOnlyList<string> Images { get; init; }

    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>The model and its class names, as far as they were named.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int? Top { get; init; }

    public required Method Method { get; init; }

    /// <summary>How the method is computed, for each layer.</summary>
    public required IReadOnlyList<MethodSettings> Layers { get; init; }

    public required OverlayOptions Overlay { get; init; }

    public required string? Out { get; init; }

    public required string? Json { get; init; }

    public required string? Map { get; init; }

    public required string? Figure { get; init; }

    /// <summary>Maps per image and layer.</summary>
    public int TargetCount => Math.Max(1, Classes.Count + (Top ?? 0));

    /// <summary>The asked classes, then the best ones; the predicted one where nothing is asked.</summary>
    /// <exception cref="ArgumentException">The model has no such class.</exception>
    public IReadOnlyList<Target> TargetsFor(ImageModel model)
    {
        if (Top > model.Classes.Count)
            throw new UserException($"--top asks for {Top} classes, and the model has {model.Classes.Count}");
        Target[] named = [.. Classes.Select(name => Target.Class(model.Classes.IndexOf(name)))];
        return Top is { } top ? [.. named, .. Target.Top(top)]
            : named.Length > 0 ? named
            : [Target.Predicted];
    }

    /// <summary>An explainer for each layer.</summary>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
    public IReadOnlyList<Explainer> ExplainersFor(ImageModel model) =>
        [.. Layers.Select(settings => Method.For(model, settings))];
}
