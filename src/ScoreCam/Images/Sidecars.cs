using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>What the files beside a model say: its preprocessing and its class names. They are read once.</summary>
/// <remarks>
/// Preprocessing: <c>preprocessor_config.json</c>, else <c>config.json</c> of timm, else <c>metadata.json</c> of
/// Teachable Machine. Names: <c>config.json</c>, else <c>metadata.json</c> of Teachable Machine, else
/// <c>labels.txt</c>.
/// </remarks>
internal sealed record Sidecars
{
    /// <summary>The preprocessing; null if no file states it.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The class names; null if no file states them.</summary>
    public string[]? Names { get; init; }

    /// <summary>The path of the file with the class names; null if there is none.</summary>
    public string? NamesPath { get; init; }

    /// <summary>Reads the files. A file that is not needed is not read.</summary>
    /// <param name="folders">The folders, in the order in which a file is looked for.</param>
    /// <param name="maxBytes">The largest size of a file.</param>
    /// <param name="limitName">The name of that limit for the message.</param>
    /// <param name="needsPreprocessing">Whether the preprocessing is looked for.</param>
    /// <param name="needsNames">Whether the class names are looked for.</param>
    /// <exception cref="InvalidDataException">A file is malformed, unsupported or too large.</exception>
    public static Sidecars Read(
        IReadOnlyList<string> folders, int maxBytes, string limitName, bool needsPreprocessing, bool needsNames)
    {
        TextFile? preprocessor = needsPreprocessing ? Find("preprocessor_config.json") : null;
        TextFile? config = needsNames || (needsPreprocessing && preprocessor is null) ? Find("config.json") : null;
        // Many programs write a file of this name.
        TextFile? metadata = Find("metadata.json");
        bool isTeachableMachine = metadata is not null && PreprocessorConfig.IsTeachableMachine(metadata.Text);
        TextFile? machine = isTeachableMachine ? metadata : null;

        Sidecars found = new();
        if (preprocessor is not null)
            found = found with { Preprocessing = PreprocessorConfig.Parse(preprocessor.Text, preprocessor.Source) };
        else if (needsPreprocessing && (config ?? machine) is { } other)
            found = found with { Preprocessing = PreprocessorConfig.Find(other.Text, other.Source) };
        if (!needsNames)
            return found;

        if (config is not null && LabelFile.FindInConfig(config.Text, config.Source) is { } names)
            return found with { Names = names, NamesPath = config.Path };
        return (machine ?? Find("labels.txt")) is { } labels
            ? found with { Names = LabelFile.Parse(labels.Text, labels.Source), NamesPath = labels.Path }
            : found;

        TextFile? Find(string name)
        {
            string? path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            if (path is null)
                return null;
            using FileStream file = File.OpenRead(path);
            return new TextFile(path, LimitedReader.ReadText(file, maxBytes, limitName, $"'{path}'"));
        }
    }

    private sealed record TextFile(string Path, string Text)
    {
        public string Source => $"'{Path}'";
    }
}
