namespace ScoreCam.Cli.Evaluate;

/// <summary>What is to be evaluated: the pictures of a folder, in order of name, with their classes and boxes.</summary>
internal sealed class PicturePlan
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    private PicturePlan(IReadOnlyList<PictureCase> cases, IReadOnlyList<LeftOut> leftOut) => (Cases, LeftOut) = (cases, leftOut);

    public IReadOnlyList<PictureCase> Cases { get; }

    /// <summary>What is wrong with the boxes file, as far as it is seen without decoding pictures.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>Pictures of a folder and of the folders in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="boxes">Classes and boxes; null where there are none. A picture that it does not name is explained for the predicted class.</param>
    /// <param name="classes">The network's classes.</param>
    /// <param name="limit">The first so many pictures.</param>
    /// <param name="shard">Of those, this part.</param>
    /// <exception cref="UserException">There is no such folder, or no picture in it.</exception>
    public static PicturePlan Of(string folder, BoxTable? boxes, ClassLabels classes, int? limit, Shard shard)
    {
        string[] all = Pictures(folder);
        List<LeftOut> leftOut = [];
        if (boxes is not null)
            leftOut.AddRange(boxes.Rows.Select(row => row.File).Distinct().Except(all).Select(file => new LeftOut(file, $"the boxes file names it, and it is not in '{folder}'")));

        List<PictureCase> cases = [];
        ILookup<string, BoxRow>? rows = boxes?.Rows.ToLookup(row => row.File);
        foreach (string picture in shard.Of(all.Take(limit ?? all.Length)))
        {
            PictureCase predicted = new() { Picture = picture, Path = Path.Combine(folder, picture) };
            if (boxes?.Unreadable.FirstOrDefault(row => row.Name == picture) is { } unreadable)
                leftOut.Add(unreadable);
            else if (rows?[picture].ToArray() is not { Length: > 0 } own)
                cases.Add(predicted);
            else
                try
                {
                    cases.AddRange(own.GroupBy(row => row.ClassOf(classes)).Select(group => predicted with { ClassIndex = group.Key, Boxes = [.. group.Select(row => row.Corners)] }));
                }
                catch (ArgumentException e)
                {
                    leftOut.Add(new(picture, ErrorReport.OneLine(e)));
                }
        }
        return new(cases, leftOut);
    }

    private static string[] Pictures(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserException(File.Exists(folder) ? $"'{folder}' is a file; --images takes a folder" : $"there is no folder '{folder}'");
        string[] pictures =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
        return pictures.Length > 0 ? pictures : throw new UserException($"there are no pictures in '{folder}' ({string.Join(", ", Extensions)})");
    }
}
