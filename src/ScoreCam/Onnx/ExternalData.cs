namespace ScoreCam.Onnx;

/// <summary>Weights outside of the model file: allowed beside it and below, nowhere else.</summary>
internal static class ExternalData
{
    /// <exception cref="UnsupportedModelException">A location leaves the model's folder, is missing, or there is no folder.</exception>
    public static void Check(byte[] model, OnnxGraph graph, string? folder)
    {
        foreach (OnnxInitializer tensor in graph.Initializers)
        {
            if (tensor.ExternalLocation is not { } location)
                continue;
            if (folder is null)
                throw new UnsupportedModelException($"The weights '{tensor.Name}' are in another file, '{location}'; load the model from its path, so that they can be found.");
            string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
            string full = Path.GetFullPath(location, root);
            if (Path.IsPathRooted(location) || !full.StartsWith(root, StringComparison.Ordinal))
                throw new UnsupportedModelException($"The weights '{tensor.Name}' are said to be in '{location}', outside of the model's folder; such a model is refused.");
            if (!File.Exists(full))
                throw new UnsupportedModelException($"The weights '{tensor.Name}' are said to be in '{location}', but there is no such file beside the model.");
        }
    }
}
