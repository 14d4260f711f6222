namespace ScoreCam.Cli.Evaluate;

/// <summary>The pictures of a folder to evaluate, ordered by name, with their classes and boxes.</summary>
internal sealed class PicturePlan
{
    private PicturePlan(IReadOnlyList<PictureCase> cases, IReadOnlyList<LeftOut> leftOut, string sha256) =>
        (Cases, LeftOut, Sha256) = (cases, leftOut, sha256);

    public IReadOnlyList<PictureCase> Cases { get; }

    /// <summary>The problems of the boxes file that are visible without decoding pictures.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>The hash of the pictures of all shards, with their classes and boxes.</summary>
    public string Sha256 { get; }

    /// <summary>Plans the pictures of a folder and of its subfolders.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="boxes">
    /// The classes and boxes; null if there are none. For a picture that it does not name, the predicted class is
    /// explained.
    /// </param>
    /// <param name="classes">The network's classes.</param>
    /// <param name="limit">The number of pictures to use, from the first on; null for all.</param>
    /// <param name="shard">The part of these pictures to use.</param>
    /// <exception cref="UserException">The folder does not exist, or it contains no picture.</exception>
    public static PicturePlan Of(string folder, BoxTable? boxes, ClassLabels classes, int? limit, Shard shard)
    {
        IReadOnlyList<string> all = PictureFolder.Names(folder);
        List<LeftOut> leftOut = [.. boxes?.NotAmong(all) ?? []];
        List<PictureCase> cases = [];
        string[] limited = [.. all.Take(limit ?? all.Count)];
        foreach (string picture in shard.Of(limited))
        {
            PictureCase predicted = new() { Picture = picture, Path = Path.Combine(folder, picture) };
            if (boxes?.Unreadable.FirstOrDefault(row => row.Name == picture) is { } unreadable)
                leftOut.Add(unreadable);
            else if (boxes?.ByFile[picture].ToArray() is not { Length: > 0 } own)
                cases.Add(predicted);
            else
                try
                {
                    cases.AddRange(own.GroupBy(row => row.ClassOf(classes)).Select(group => Case(predicted, group)));
                }
                catch (ArgumentException e)
                {
                    leftOut.Add(new(picture, ErrorReport.OneLine(e)));
                }
        }
        return new(cases, leftOut, BoxTable.Hash(limited, boxes));
    }

    private static PictureCase Case(PictureCase picture, IGrouping<int, BoxRow> rows) => picture with
    {
        ClassIndex = rows.Key,
        Boxes = [.. rows.Select(row => row.Corners).Where(corners => corners.Length > 0)],
    };
}
