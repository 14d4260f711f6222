using System.Security.Cryptography;
using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Compare;

/// <summary>The pictures to compare, ordered by name, with their classes and boxes.</summary>
internal sealed class ComparePlan
{
    private ComparePlan(IReadOnlyList<PlannedPicture> pictures, IReadOnlyList<LeftOut> leftOut) =>
        (Pictures, LeftOut) = (pictures, leftOut);

    public IReadOnlyList<PlannedPicture> Pictures { get; }

    /// <summary>The pictures and the rows of the boxes file that cannot be used.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <exception cref="UserException">There are no pictures.</exception>
    public static ComparePlan Of(CompareSettings settings)
    {
        BoxTable? boxes = settings.Boxes is null ? null : BoxTable.Load(settings.Boxes);
        (string Name, string Path)[] all = [.. All(settings)];
        List<LeftOut> leftOut = [.. boxes?.NotAmong(all.Select(picture => picture.Name)) ?? []];
        ILookup<string, BoxRow>? rows = boxes?.Rows.ToLookup(row => row.File);
        List<PlannedPicture> pictures = [];
        foreach ((string name, string path) in settings.Shard.Of(all.Take(settings.Limit ?? all.Length)))
            try
            {
                if (boxes?.Unreadable.FirstOrDefault(row => row.Name == name) is { } unreadable)
                    leftOut.Add(unreadable);
                else
                    pictures.Add(new(path, RecordOf(name, path, rows?[name].ToArray() ?? [])));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                leftOut.Add(new(name, ErrorReport.OneLine(e)));
            }
        return new(pictures, leftOut);
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
            : picture)], LeftOut);

    private static IEnumerable<(string Name, string Path)> All(CompareSettings settings)
    {
        HashSet<string> names = [];
        foreach (string path in settings.Pictures)
            if (names.Add(Path.GetFileName(path)))
                yield return (Path.GetFileName(path), path);
            else if (names.Add(path))
                yield return (path, path);
        if (settings.Images is { } folder)
            foreach (string name in PictureFolder.Names(folder))
                if (names.Add(name))
                    yield return (name, Path.Combine(folder, name));
    }
}

/// <summary>A picture and the path of its file.</summary>
internal sealed record PlannedPicture(string Path, PictureRecord Record);
