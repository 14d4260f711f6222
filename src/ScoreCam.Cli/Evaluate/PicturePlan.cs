namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// What is to be evaluated: the pictures of a folder, in order of name, with their classes and boxes.
/// </summary>
internal sealed class PicturePlan
{
    private PicturePlan(IReadOnlyList<PictureCase> cases, IReadOnlyList<LeftOut> leftOut) =>
        (Cases, LeftOut) = (cases, leftOut);

    public IReadOnlyList<PictureCase> Cases { get; }

    /// <summary>What is wrong with the boxes file, as far as it is seen without decoding pictures.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>Pictures of a folder and of the folders in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="boxes">
    /// Classes and boxes; null where there are none. A picture that it does not name is explained for the predicted
    /// class.
    /// </param>
    /// <param name="classes">The network's classes.</param>
    /// <param name="limit">The first so many pictures.</param>
    /// <param name="shard">Of those, this part.</param>
    /// <exception cref="UserException">There is no such folder, or no picture in it.</exception>
    public static PicturePlan Of(string folder, BoxTable? boxes, ClassLabels classes, int? limit, Shard shard)
    {
        IReadOnlyList<string> all = PictureFolder.Names(folder);
        List<LeftOut> leftOut = [.. boxes?.NotAmong(all) ?? []];
        List<PictureCase> cases = [];
        ILookup<string, BoxRow>? rows = boxes?.Rows.ToLookup(row => row.File);
        foreach (string picture in shard.Of(all.Take(limit ?? all.Count)))
        {
            PictureCase predicted = new() { Picture = picture, Path = Path.Combine(folder, picture) };
            if (boxes?.Unreadable.FirstOrDefault(row => row.Name == picture) is { } unreadable)
                leftOut.Add(unreadable);
            else if (rows?[picture].ToArray() is not { Length: > 0 } own)
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
        return new(cases, leftOut);
    }

    private static PictureCase Case(PictureCase picture, IGrouping<int, BoxRow> rows) => picture with
    {
        ClassIndex = rows.Key,
        Boxes = [.. rows.Select(row => row.Corners).Where(corners => corners.Length > 0)],
    };
}
