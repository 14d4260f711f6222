using ScoreCam.Images;

namespace ScoreCam.Rendering;

/// <summary>The pictures of one row, all of the size at which the figure shows them.</summary>
internal sealed class FigurePanels
{
    // A wider picture is shown lower than the others, so that a panorama does not make the figure a ribbon.
    private const double WidestAspect = 2;

    /// <exception cref="ArgumentException">The picture has another size than the one that was explained.</exception>
    public FigurePanels(FigureRow row, FigureOptions options)
    {
        PictureMapping mapping = row.Explanation.Mapping;
        (int width, int height) = SizeOf(row, options);
        // The map is drawn for the small picture: nothing is computed at the size of a camera's.
        (double x, double y) = ((double)mapping.PictureWidth / width, (double)mapping.PictureHeight / height);
        SaliencyMap map = row.Explanation.Map.OnPicture(mapping with { PictureWidth = width, PictureHeight = height, ScaleX = mapping.ScaleX * x, ScaleY = mapping.ScaleY * y });
        OverlayOptions colors = options.Overlay with { Signed = row.Explanation.IsSigned };
        Map = Overlay.Draw(new RgbImage(width, height, new byte[Resampler.ByteCount(width, height)]), map, colors with { Opacity = 1, OpacityFollowsMap = false });
        if (row.Original is not { } picture)
            return;
        if ((picture.Width, picture.Height) != (mapping.PictureWidth, mapping.PictureHeight))
            throw new ArgumentException(
                $"The picture of '{row.TitleText}' has {picture.Width} × {picture.Height} pixels, and the one that was explained has {mapping.PictureWidth} × {mapping.PictureHeight}.");
        Original = picture.Resize(width, height);
        RgbImage drawn = Overlay.Draw(Original, map, colors);
        if (options.Contour is { } level)
            drawn = Contour.Draw(drawn, map, level);
        if (options.Box is { } threshold && map.BoundingBox(threshold) is { } box)
            drawn = box.DrawOn(drawn);
        Drawn = drawn;
    }

    public RgbImage? Original { get; }

    public RgbImage Map { get; }

    /// <summary>The map over the original.</summary>
    public RgbImage? Drawn { get; }

    /// <summary>Size of each panel.</summary>
    public static (int Width, int Height) SizeOf(FigureRow row, FigureOptions options)
    {
        PictureMapping mapping = row.Explanation.Mapping;
        double aspect = (double)mapping.PictureWidth / mapping.PictureHeight;
        int width = Math.Max(1, (int)Math.Round(options.PanelHeight * Math.Min(aspect, WidestAspect)));
        return (width, aspect <= WidestAspect ? options.PanelHeight : Math.Max(1, (int)Math.Round(width / aspect)));
    }
}
