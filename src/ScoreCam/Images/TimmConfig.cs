namespace ScoreCam.Images;

/// <summary>
/// Reads the <c>pretrained_cfg</c> of a timm model on the Hugging Face Hub. It reproduces timm's evaluation transform.
/// </summary>
internal static class TimmConfig
{
    private const double DefaultCropShare = 0.875;
    private const string Unsupported = "and that is not supported; set ModelOptions.Preprocessing in code";

    private static readonly (string Name, ResampleFilter Filter)[] Filters =
    [
        ("bilinear", ResampleFilter.Bilinear), ("bicubic", ResampleFilter.Bicubic),
        ("nearest", ResampleFilter.Nearest), ("lanczos", ResampleFilter.Lanczos),
        ("box", ResampleFilter.Box), ("hamming", ResampleFilter.Hamming),
    ];

    public static Preprocessing Read(ConfigFields fields)
    {
        Preprocessing values = new()
        {
            Mean = fields.Has("mean") ? fields.Color("mean") : Preprocessing.Imagenet.Mean,
            Std = fields.Has("std") ? fields.Color("std") : Preprocessing.Imagenet.Std,
            Filter = Filter(fields),
        };
        PreprocessorConfig.RequireUsable(values, fields, "scale", "std");
        if (fields.ChannelsHeightWidth("input_size") is not var (height, width))
            throw fields.Error("input_size", "missing");
        values = values with { Height = height, Width = width };

        double share = fields.Number("crop_pct", DefaultCropShare);
        if (share is < 0.1 or > 1)
            throw fields.Error("crop_pct", $"{share}, but a share of 0.1 to 1 is expected");
        return (fields.Text("crop_mode") ?? "center") switch
        {
            "center" when height == width =>
                values with { Fit = Fit.CenterCrop, ShortestEdge = (int)Math.Floor(height / share) },
            "center" => throw fields.Error("input_size", $"{height} × {width}, which is not square, {Unsupported}"),
            "squash" when share == 1 => values,
            string mode => throw fields.Error("crop_mode", $"\"{mode}\" with a crop_pct of {share}, {Unsupported}"),
        };
    }

    private static ResampleFilter Filter(ConfigFields fields)
    {
        string name = fields.Text("interpolation") ?? "bilinear";
        int index = Array.FindIndex(Filters, filter => filter.Name == name);
        return index >= 0
            ? Filters[index].Filter
            : throw fields.Error("interpolation", $"\"{name}\", {Unsupported}");
    }
}
