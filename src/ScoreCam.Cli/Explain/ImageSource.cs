using ScoreCam.Images;
using ScoreCam.ImageSharp;
using ScoreCam.IO;

namespace ScoreCam.Cli.Explain;

/// <summary>One image to explain. It is decoded only when it is processed.</summary>
internal sealed class ImageSource
{
    private readonly Func<ImageModel, PreparedImage> _prepare;

    private ImageSource(string path, string name, string stem, Func<ImageModel, PreparedImage> prepare) =>
        (Path, Name, Stem, _prepare) = (path, name, stem, prepare);

    public string Path { get; }

    /// <summary>The name in reports: the given path, with the row of a tensor.</summary>
    public string Name { get; }

    /// <summary>The beginning of file names for this image.</summary>
    public string Stem { get; }

    /// <summary>
    /// Returns the pictures, followed by the tensors. If there are neither, returns the embedded photograph.
    /// </summary>
    public static IReadOnlyList<ImageSource> From(IReadOnlyList<string> pictures, IReadOnlyList<string> tensors) =>
        pictures.Count + tensors.Count == 0
            ? [Picture(EmbeddedDefault.Photo, System.IO.Path.GetFileName(EmbeddedDefault.Photo))]
            : [.. pictures.Select(path => Picture(path, path)), .. tensors.SelectMany(Tensors)];

    /// <exception cref="UserException">The image does not fit the network. The message names the image.</exception>
    public PreparedImage Prepare(ImageModel model)
    {
        try
        {
            return _prepare(model);
        }
        catch (ArgumentException e)
        {
            throw new UserException($"{Name}: {ErrorReport.OneLine(e)}", e);
        }
    }

    private static ImageSource Picture(string path, string name)
    {
        RequireFile(path, "picture");
        string stem = System.IO.Path.GetFileNameWithoutExtension(path);
        return new(path, name, stem, model => model.Prepare(ImageSharpImage.Load(path)));
    }

    private static IEnumerable<ImageSource> Tensors(string path)
    {
        RequireFile(path, ".npy file");
        NpyArray array = NpyArray.Load(path);
        if (array.Shape is not [var count and > 0, var channels and > 0, var height and > 0, var width and > 0])
            throw new UserException(
                $"'{path}' has shape ({string.Join(", ", array.Shape)}); expected images × channels × height × width");
        int size = channels * height * width;
        string stem = System.IO.Path.GetFileNameWithoutExtension(path);
        return Enumerable.Range(0, count).Select(row => new ImageSource(
            path,
            $"{path}[{row}]",
            count > 1 ? $"{stem}-{row}" : stem,
            _ => PreparedImage.FromTensor(array.Values.Slice(row * size, size), channels, height, width)));
    }

    private static void RequireFile(string path, string what)
    {
        if (Directory.Exists(path))
            throw new UserException($"'{path}' is a folder; expected a {what}");
        if (!File.Exists(path))
            throw new UserException($"there is no {what} '{path}'");
    }
}
