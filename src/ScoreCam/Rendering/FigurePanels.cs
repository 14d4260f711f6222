using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>The pictures of one explanation at their size in the figure.</summary>
internal sealed class FigurePanels
{
    // A wider picture is drawn lower than the others, so that a panorama does not make the figure very wide.
    private const double WidestAspect = 2;

    /// <exception cref="ArgumentException">
    /// The size of the picture differs from the size of the explained picture.
    /// </exception>
    public FigurePanels(FigureRow row, FigureOptions options)
    {
        PictureMapping mapping = row.Explanation.Mapping;
        (int width, int height) = SizeOf(row, options);
        // The map is computed only at the small size, not at the size of the photograph.
        SaliencyMap map = row.Explanation.Map.OnPicture(mapping with
        {
            PictureWidth = width,
            PictureHeight = height,
            ScaleX = mapping.ScaleX * mapping.PictureWidth / width,
            ScaleY = mapping.ScaleY * mapping.PictureHeight / height,
        });
        OverlayOptions colors = options.Overlay with { Signed = row.Explanation.IsSigned };
        Map = colors.UsedColormap.Draw(map, colors.Signed);
        if (row.Original is not { } picture)
            return;

        if ((picture.Width, picture.Height) != (mapping.PictureWidth, mapping.PictureHeight))
            throw new ArgumentException(
                $"The picture of '{row.TitleText}' has {picture.Width} × {picture.Height} pixels, but the explained "
                + $"picture has {mapping.PictureWidth} × {mapping.PictureHeight}.");
        Original = picture.Resize(width, height);
        RgbImage overlay = Rendering.Overlay.Draw(Original, map, colors);
        if (options.Contour is { } level)
            overlay = Contour.Draw(overlay, map, level);
        if (options.Box is { } threshold && map.BoundingBox(threshold) is { } box)
            overlay = box.DrawOn(overlay);
        Overlay = overlay;
    }

    /// <summary>The original picture; null if there is none.</summary>
    public RgbImage? Original { get; }

    /// <summary>The map in colours.</summary>
    public RgbImage Map { get; }

    /// <summary>The map over the original; null if there is no picture.</summary>
    public RgbImage? Overlay { get; }

    /// <summary>The size of each picture.</summary>
    public static (int Width, int Height) SizeOf(FigureRow row, FigureOptions options)
    {
        PictureMapping mapping = row.Explanation.Mapping;
        double aspect = (double)mapping.PictureWidth / mapping.PictureHeight;
        int width = Math.Max(1, (int)Math.Round(options.PanelHeight * Math.Min(aspect, WidestAspect)));
        int height = aspect <= WidestAspect ? options.PanelHeight : Math.Max(1, (int)Math.Round(width / aspect));
        return (width, height);
    }
}
