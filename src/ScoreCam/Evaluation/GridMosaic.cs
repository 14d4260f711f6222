using ScoreCam.Images;

namespace ScoreCam.Evaluation;

/// <summary>
/// Pictures of different classes in a grid, at the size of the network's input. Immutable and thread-safe.
/// </summary>
public sealed class GridMosaic
{
    private readonly int _grid;

    private GridMosaic(int grid, RgbImage picture, PreparedImage image, IReadOnlyList<int> classes) =>
        (_grid, Picture, Image, Classes) = (grid, picture, image, classes);

    /// <summary>The mosaic as a picture.</summary>
    public RgbImage Picture { get; }

    /// <summary>The mosaic, prepared for the network.</summary>
    public PreparedImage Image { get; }

    /// <summary>The class of each cell, row by row.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Returns the box of a cell in the mosaic. Cells are numbered row by row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The cell does not exist.</exception>
    public Box Cell(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Classes.Count);
        (int row, int column) = Math.DivRem(index, _grid);
        return new()
        {
            XMin = Edge(column, Picture.Width),
            XMax = Edge(column + 1, Picture.Width),
            YMin = Edge(row, Picture.Height),
            YMax = Edge(row + 1, Picture.Height),
        };
    }

    /// <summary>Creates a mosaic. Each picture is scaled from the network's input to its cell.</summary>
    internal static GridMosaic Of(
        Preprocessing preprocessing, int grid, IReadOnlyList<(PreparedImage Image, int Class)> cells)
    {
        (int width, int height) = (cells[0].Image.Width, cells[0].Image.Height);
        byte[] pixels = new byte[Resampler.ByteCount(width, height)];
        for (int i = 0; i < cells.Count; i++)
        {
            (int row, int column) = Math.DivRem(i, grid);
            (int left, int right) = (Edge(column, width, grid), Edge(column + 1, width, grid));
            (int top, int bottom) = (Edge(row, height, grid), Edge(row + 1, height, grid));
            RgbImage cell = preprocessing.ToPicture(cells[i].Image).Resize(right - left, bottom - top);
            for (int y = 0; y < cell.Height; y++)
                cell.Pixels.Slice(3 * y * cell.Width, 3 * cell.Width)
                    .CopyTo(pixels.AsSpan(3 * (((top + y) * width) + left)));
        }

        RgbImage picture = new(width, height, pixels);
        int channels = cells[0].Image.Channels;
        var image = new PreparedImage(
            preprocessing.ToTensor(picture, channels),
            channels,
            height,
            width,
            picture,
            PictureMapping.Identity(width, height));
        return new(grid, picture, image, [.. cells.Select(cell => cell.Class)]);
    }

    private int Edge(int index, int length) => Edge(index, length, _grid);

    private static int Edge(int index, int length, int grid) => index * length / grid;
}
