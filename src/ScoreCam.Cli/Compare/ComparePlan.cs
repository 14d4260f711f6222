using System.Security.Cryptography;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary>The pictures to compare, ordered by name, with their classes and boxes.</summary>
internal sealed class ComparePlan
{
    private ComparePlan(IReadOnlyList<PlannedPicture> pictures, IReadOnlyList<LeftOut> leftOut, string sha256) =>
        (Pictures, LeftOut, Sha256) = (pictures, leftOut, sha256);

    public IReadOnlyList<PlannedPicture> Pictures { get; }

    /// <summary>The pictures and the rows of the boxes file that cannot be used.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>The hash of the pictures of all shards, with their classes and boxes.</summary>
    public string Sha256 { get; }

    /// <exception cref="UserException">There are no pictures.</exception>
    public static ComparePlan Of(CompareSettings settings)
    {
        BoxTable? boxes = settings.Boxes is null ? null : BoxTable.Load(settings.Boxes);
        (string Name, string Path)[] all = [.. All(settings)];
        // Boxes for a folder can be used with single pictures of it.
        List<LeftOut> leftOut =
            [.. settings.Images is null ? [] : boxes?.NotAmong(all.Select(picture => picture.Name)) ?? []];
        all = [.. all.Take(settings.Limit ?? all.Length)];
        List<PlannedPicture> pictures = [];
        foreach ((string name, string path) in settings.Shard.Of(all))
            try
            {
                if (boxes?.Unreadable.FirstOrDefault(row => row.Name == name) is { } unreadable)
                    leftOut.Add(unreadable);
                else
                    pictures.Add(new(path, RecordOf(name, path, boxes?.ByFile[name].ToArray() ?? [])));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                leftOut.Add(new(name, ErrorReport.OneLine(e)));
            }
        return new(pictures, leftOut, BoxTable.Hash(all.Select(picture => picture.Name), boxes));
    }

    /// <summary>
    /// Returns the record of a picture. A picture has only one class here: the class of its first row.
    /// </summary>
    private static PictureRecord RecordOf(string name, string path, BoxRow[] rows)
    {
        using FileStream file = File.OpenRead(path);
        BoxRow? first = rows.FirstOrDefault();
        bool IsOfClass(BoxRow row) => (row.ClassName, row.ClassIndex) == (first?.ClassName, first?.ClassIndex);
        return new()
        {
            Name = name,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
            ClassName = string.IsNullOrEmpty(first?.ClassName) ? null : first.ClassName,
            ClassIndex = first?.Index,
            Boxes = [.. rows.Where(IsOfClass).Select(row => row.Corners).Where(corners => corners.Length > 0)],
        };
    }

    /// <summary>
    /// Returns the same plan with names for classes of which only the index is known. The names are labels of the first
    /// network.
    /// </summary>
    public ComparePlan Named(ClassLabels classes) => new([.. Pictures.Select(picture =>
        picture.Record is { ClassName: null, ClassIndex: { } index } && index < classes.Count
            ? picture with { Record = picture.Record with { ClassName = classes[index] } }
            : picture)], LeftOut, Sha256);

    private static IEnumerable<(string Name, string Path)> All(CompareSettings settings)
    {
        IEnumerable<(string Name, string Path)> single =
            settings.Pictures.Select(path => (Path.GetFileName(path), path));
        IEnumerable<(string Name, string Path)> inFolder = settings.Images is { } folder
            ? PictureFolder.Names(folder).Select(name => (name, Path.Combine(folder, name)))
            : [];
        HashSet<string> names = [];
        // Another picture with the same file name is named by its path.
        foreach ((string name, string path) in single.Concat(inFolder).DistinctBy(one => OutputFile.FullPath(one.Path)))
            yield return (names.Add(name) ? name : path, path);
    }
}

/// <summary>A picture and the path of its file.</summary>
internal sealed record PlannedPicture(string Path, PictureRecord Record);
