using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation;
using ScoreCam.Evaluation.Comparison;
using ScoreCam.Images;

namespace ScoreCam.Cli.Compare;

/// <summary>The settings of <c>scorecam compare</c>.</summary>
internal sealed record CompareSettings
{
    private const string Auto = "auto";

    /// <summary>Single pictures.</summary>
    public required IReadOnlyList<string> Pictures { get; init; }

    /// <summary>A folder of pictures.</summary>
    public string? Images { get; init; }

    public string? Boxes { get; init; }

    public string? Groups { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<string> Preprocessing { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<Method> Methods { get; init; }

    public required IReadOnlyList<Metric> Metrics { get; init; }

    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>
    /// The class to explain in every network; null means the class in the boxes file, or the predicted class.
    /// </summary>
    public string? Class { get; init; }

    public int? Limit { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    public int Seed { get; init; }

    public int? Batch { get; init; }

    public int? Workers { get; init; }

    public required CompareOutputs Outputs { get; init; }

    /// <summary>The number of networks. If none is named, the embedded network is used.</summary>
    public int NetworkCount => Math.Max(1, Models.Count);

    /// <summary>
    /// The columns of every network: each method. If layers are named, each method that reads a layer has a column for
    /// each layer.
    /// </summary>
    public IReadOnlyList<CompareColumn> Columns => [.. Methods.SelectMany(method =>
        Layers.Count == 0 || !method.ReadsLayer
            ? [new CompareColumn(method.Name, method, null)]
            : Layers.Select(layer => new CompareColumn($"{method.Name} · {layer}", method, layer)))];

    /// <exception cref="UserException">An option is missing, or the options do not fit together.</exception>
    public void Check()
    {
        if (Pictures.Count == 0 && Images is null)
            throw new UserException("name the pictures to compare on: a folder by --images, or files by --image");
        if (NetworkCount * Columns.Count < 2)
            throw new UserException("there is nothing to compare; name two models, methods or layers");
        if (Columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UserException($"'{twice.Key}' is named twice");
        RefuseCount("--preprocessing", Preprocessing.Count, mayBeOne: true);
        RefuseCount("--labels", Labels.Count, mayBeOne: true);
        RefuseCount("--name", Names.Count, mayBeOne: false);
        foreach (string missing in Pictures.Where(picture => !File.Exists(picture)))
            throw new UserException($"there is no picture '{missing}'");
        if (Groups is not null && !File.Exists(Groups))
            throw new UserException($"there is no groups file '{Groups}'");
        string[] optional = [.. new[] { Boxes, Groups }.OfType<string>()];
        Outputs.Check([.. Pictures, .. Models, .. Labels.Where(label => label != Auto), .. optional]);
    }

    /// <summary>Loads the groups of classes; null if there are none.</summary>
    /// <exception cref="InvalidDataException">The file does not contain groups of classes.</exception>
    public ClassGroups? LoadGroups()
    {
        if (Groups is null)
            return null;
        try
        {
            return ClassGroups.Parse(File.ReadAllText(Groups));
        }
        catch (InvalidDataException e)
        {
            throw new UserException($"'{Groups}': {ErrorReport.OneLine(e)}", e);
        }
    }

    /// <summary>Loads the model at an index, with its options.</summary>
    public ImageModel Load(int index)
    {
        (string? preprocessing, string? labels) = (For(Preprocessing, index), For(Labels, index));
        Preprocessing? given = null;
        if (preprocessing is not null && !ModelArguments.Preprocessings.TryGetValue(preprocessing, out given))
        {
            string names = string.Join(", ", ModelArguments.Preprocessings.Keys);
            throw new UserException($"--preprocessing takes one of {names} or {Auto}, not '{preprocessing}'");
        }
        return ImageModel.Load(Models.Count == 0 ? EmbeddedDefault.Model : Models[index], new()
        {
            Preprocessing = given,
            ConfigurePreprocessing = found => Boxes is null ? found : BoxTable.KeepAll(found),
            Labels = labels is null ? null : ClassLabels.Load(labels),
            BatchSize = Batch,
            Workers = Workers,
        });
    }

    /// <summary>
    /// Returns the names of the networks: the given names, or the names of the files. Equal names are numbered.
    /// </summary>
    public IReadOnlyList<string> NetworkNames()
    {
        string[] names = Names.Count > 0
            ? [.. Names]
            : [.. Models.DefaultIfEmpty(EmbeddedDefault.Model).Select(path => NameOf(path))];
        return [.. names.Select((name, i) => names.Count(other => other == name) > 1 ? $"{name} ({i + 1})" : name)];
    }

    private static string NameOf(string model)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(model));
        return Path.GetExtension(name).Equals(".onnx", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFileNameWithoutExtension(name)
            : name;
    }

    private void RefuseCount(string option, int count, bool mayBeOne)
    {
        if (count > (mayBeOne ? 1 : 0) && count != NetworkCount)
            throw new UserException(
                $"{option} is given {count} times for {NetworkCount} models; give it "
                + $"{(mayBeOne ? "once, or " : "")}once for each");
    }

    private static string? For(IReadOnlyList<string> values, int index)
    {
        string? value = values.Count == 0 ? null : values[values.Count == 1 ? 0 : index];
        return Auto.Equals(value, StringComparison.OrdinalIgnoreCase) ? null : value;
    }
}

/// <summary>A method on a layer, with the name of its column.</summary>
internal sealed record CompareColumn(string Name, Method Method, string? Layer);
