using ScoreCam.IO;

namespace ScoreCam.Onnx.Model;

/// <summary>The bytes of a model, and the facts about the folder that contains it.</summary>
internal sealed record ModelFiles
{
    /// <summary>The option that limits the model's size, for messages.</summary>
    public const string Bound = $"{nameof(ModelOptions)}.{nameof(ModelOptions.MaxModelBytes)}";

    /// <summary>The model's name in errors and results.</summary>
    public required string Name { get; init; }

    public required ReadOnlyMemory<byte> Model { get; init; }

    /// <summary>The folder of the model, which contains its external weights; null for a model from bytes.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// The folders to search for sidecars: the folder of the model and, if this folder is named <c>onnx</c>, the folder
    /// above it. Model hubs put the network into such a folder.
    /// </summary>
    public IReadOnlyList<string> SidecarFolders => Folder is null ? []
        : Path.GetFileName(Folder) == "onnx" ? [Folder, Path.GetDirectoryName(Folder)!]
        : [Folder];

    /// <summary>Reads an .onnx file, or a folder that contains one.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist, or the folder contains no model.</exception>
    /// <exception cref="InvalidDataException">The model exceeds the limit.</exception>
    public static ModelFiles Read(string path, int maxBytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        bool isFolder = Directory.Exists(path);
        string file = Path.GetFullPath(isFolder ? ModelIn(path) : path);
        if (!File.Exists(file))
            throw new FileNotFoundException(
                $"There is no model at '{path}'. Give an .onnx file, or a folder that holds model.onnx.", path);
        string folder = Path.GetDirectoryName(file)!;
        return new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(isFolder ? Path.GetFullPath(path) : path)),
            Model = LimitedReader.ReadBytes(file, maxBytes, Bound),
            Folder = folder,
        };
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="InvalidDataException">The model exceeds the limit.</exception>
    public static ModelFiles Read(Stream stream, int maxBytes) =>
        new() { Name = "model", Model = LimitedReader.ReadBytes(stream, maxBytes, Bound, "The stream") };

    private static string ModelIn(string folder)
    {
        // Model hubs put the sidecars into the folder, and the network into a subfolder named "onnx".
        foreach (string candidate in new[] { "model.onnx", Path.Combine("onnx", "model.onnx") })
            if (File.Exists(Path.Combine(folder, candidate)))
                return Path.Combine(folder, candidate);
        string[] models = Directory.GetFiles(folder, "*.onnx");
        if (models.Length == 1)
            return models[0];
        if (models.Length == 0)
            throw new FileNotFoundException(
                $"The folder '{folder}' holds no model: model.onnx was expected.", Path.Combine(folder, "model.onnx"));
        string names = string.Join(", ", models.Select(Path.GetFileName).Order().Take(10));
        throw new FileNotFoundException(
            $"The folder '{folder}' holds several models and none is called model.onnx; give one of them: {names}.",
            folder);
    }
}
