using ScoreCam.Images;

namespace ScoreCam.Cli.Compare;

/// <summary>What <c>scorecam compare</c> was asked for.</summary>
internal sealed record CompareSettings
{
    private const string Auto = "auto";

    public required IReadOnlyList<string> Images { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public required IReadOnlyList<string> Preprocessing { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<Method> Methods { get; init; }

    public required IReadOnlyList<string> Layers { get; init; }

    public string? Class { get; init; }

    public int Seed { get; init; }

    public int? Batch { get; init; }

    public int? Workers { get; init; }

    public string? Out { get; init; }

    public string? Report { get; init; }

    /// <exception cref="UserException">Something is missing, or the options do not fit together.</exception>
    public void Check()
    {
        if (Images.Count == 0)
            throw new UserException("name the pictures to compare on by --image");
        if (Math.Max(1, Models.Count) * Methods.Count * Math.Max(1, Layers.Count) < 2)
            throw new UserException("there is nothing to compare; name two models, methods or layers");
        RefuseCount("--preprocessing", Preprocessing.Count);
        RefuseCount("--labels", Labels.Count);
        foreach (string missing in Images.Where(image => !File.Exists(image)))
            throw new UserException($"there is no picture '{missing}'");
        if (Out is not null && !Path.GetExtension(Out).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new UserException($"--out writes a PNG file, not '{Out}'; for a page there is --report");
        string[] outputs = [.. new[] { Out, Report }.OfType<string>()];
        if (outputs.Select(Path.GetFullPath).Distinct().Count() < outputs.Length)
            throw new UserException("--out and --report must name different files");
        OutputFile.RefuseOverwriting([.. Images, .. Models, .. Labels], outputs);
        foreach (string output in outputs)
            OutputFile.Check(output);
    }

    /// <summary>The model of an index, loaded as its options say.</summary>
    public ImageModel Load(int index)
    {
        string? preprocessing = For(Preprocessing, index), labels = For(Labels, index);
        Preprocessing? given = null;
        if (preprocessing is not null && !ModelArguments.Preprocessings.TryGetValue(preprocessing, out given))
            throw new UserException($"--preprocessing takes one of {string.Join(", ", ModelArguments.Preprocessings.Keys)} or {Auto}, not '{preprocessing}'");
        return ImageModel.Load(Models.Count == 0 ? EmbeddedDefault.Model : Models[index], new()
        {
            Preprocessing = given,
            Labels = labels is null ? null : ClassLabels.Load(labels),
            BatchSize = Batch,
            Workers = Workers,
        });
    }

    private void RefuseCount(string option, int count)
    {
        if (count > 1 && count != Math.Max(1, Models.Count))
            throw new UserException($"{option} is given {count} times for {Math.Max(1, Models.Count)} models; give it once, or once for each");
    }

    private static string? For(IReadOnlyList<string> values, int index) =>
        values.Count == 0 ? null : values[values.Count == 1 ? 0 : index] is var value && value.Equals(Auto, StringComparison.OrdinalIgnoreCase) ? null : value;
}
