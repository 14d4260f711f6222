using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>
/// The information in the files beside a model: the preprocessing and the class names. The files are read once.
/// </summary>
/// <remarks>
/// The preprocessing comes from <c>preprocessor_config.json</c>, else from timm's <c>config.json</c>, else from
/// Teachable Machine's <c>metadata.json</c>. The names come from <c>config.json</c>, else from Teachable Machine's
/// <c>metadata.json</c>, else from <c>labels.txt</c>.
/// </remarks>
internal sealed record Sidecars
{
    /// <summary>The preprocessing; null if no file specifies it.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The class names; null if no file specifies them.</summary>
    public string[]? Names { get; init; }

    /// <summary>The path of the file with the class names; null if there is none.</summary>
    public string? NamesPath { get; init; }

    /// <summary>Reads the files. A file that is not needed is not read.</summary>
    /// <param name="folders">The folders to search, in this order.</param>
    /// <param name="maxBytes">The largest accepted file, in bytes.</param>
    /// <param name="limitName">The name of this limit for the error message.</param>
    /// <param name="needsPreprocessing">Whether to look for the preprocessing.</param>
    /// <param name="needsNames">Whether to look for the class names.</param>
    /// <exception cref="InvalidDataException">A file is malformed, unsupported or too large.</exception>
    public static Sidecars Read(
        IReadOnlyList<string> folders, int maxBytes, string limitName, bool needsPreprocessing, bool needsNames)
    {
        TextFile? preprocessor = needsPreprocessing ? Find("preprocessor_config.json") : null;
        TextFile? config = needsNames || (needsPreprocessing && preprocessor is null) ? Find("config.json") : null;
        // Many programs write a file with this name.
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
