using System.Numerics;
using System.Text.Json;
using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>Reads Hugging Face's <c>preprocessor_config.json</c>. What it cannot reproduce is refused, never approximated.</summary>
internal static class PreprocessorConfig
{
    // ConvNeXT's and LeViT's processors take this share of the resized picture when the file does not say.
    private const double DefaultCropShare = 224.0 / 256;

    public static Preprocessing Load(string path, int maxBytes, string bound)
    {
        using FileStream file = File.OpenRead(path);
        return Load(file, maxBytes, bound, $"'{path}'");
    }

    public static Preprocessing Load(Stream stream, int maxBytes, string bound, string source) => Parse(LimitedReader.ReadText(stream, maxBytes, bound, source), source);

    public static Preprocessing Parse(string json, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(new ConfigFields(document.RootElement, source));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two are text that is no valid Unicode.
            throw new InvalidDataException($"{source} is not valid JSON: {e.Message}", e);
        }
    }

    private static Preprocessing Read(ConfigFields fields)
    {
        foreach (string field in (string[])["do_pad", "offset", "rescale_offset", "do_grayscale"])
            if (fields.Flag(field, false))
                throw fields.Error(field, "true, which has no counterpart here; set Preprocessing in code");

        bool flipped = fields.Flag("do_flip_channel_order", false);
        bool normalized = fields.Flag("do_normalize", !flipped || fields.Has("image_mean"));
        Preprocessing values = new()
        {
            Scale = fields.Flag("do_rescale", true) ? (float)fields.Number("rescale_factor", 1.0 / 255) : 1,
            Mean = normalized ? fields.Color("image_mean") : Vector3.Zero,
            Std = normalized ? fields.Color("image_std") : Vector3.One,
            Order = flipped ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            Filter = fields.Integer("resample", 2) switch
            {
                2 => ResampleFilter.Bilinear,
                3 => ResampleFilter.Bicubic,
                int other => throw fields.Error("resample", $"{other} ({FilterName(other)}), but only 2 (bilinear) and 3 (bicubic) are offered"),
            },
        };
        if (values.Scale == 0)
            throw fields.Error("rescale_factor", "0, which makes every picture the same");
        if (Math.Min(values.Std.X, Math.Min(values.Std.Y, values.Std.Z)) <= 0)
            throw fields.Error("image_std", $"{values.Std}, but a standard deviation is positive");
        return ReadShape(fields, values);
    }

    private static Preprocessing ReadShape(ConfigFields fields, Preprocessing values)
    {
        bool crops = fields.Flag("do_center_crop", fields.Has("crop_size"));
        if (!fields.Flag("do_resize", true))
            return crops ? throw fields.Error("do_center_crop", "true without do_resize, which has no counterpart here; set Preprocessing in code") : values;

        string processor = fields.Text("image_processor_type") ?? fields.Text("feature_extractor_type") ?? "";
        bool convNext = processor.StartsWith("ConvNe", StringComparison.OrdinalIgnoreCase);
        bool levit = processor.StartsWith("Levit", StringComparison.OrdinalIgnoreCase);
        double? share = fields.Has("crop_pct") ? fields.Number("crop_pct", 1) : convNext || levit ? DefaultCropShare : null;
        if (share is < 0.1 or > 1)
            throw fields.Error("crop_pct", $"{share}, but a share of 0.1 to 1 is expected");

        ConfigSize size = fields.Size("size") ?? throw fields.Error("size", "missing although do_resize is not false");
        ConfigSize? crop = crops ? fields.Size("crop_size") ?? size : null;
        (int height, int width) = (crop ?? size).Box;
        if (share is double s)
        {
            // ConvNeXT's processor has no crop_size, and from 384 on it does not crop.
            return crop is null && size.Edge >= 384
                ? values with { Height = size.Edge, Width = size.Edge }
                : values with { Fit = Fit.CenterCrop, ShortestEdge = (int)(size.Edge / s), Height = height, Width = width };
        }

        if (crop is not null && (size.IsShortestEdge || (size.IsNumber && !processor.StartsWith("DeiT", StringComparison.OrdinalIgnoreCase))))
            return values with { Fit = Fit.CenterCrop, ShortestEdge = size.Edge, Height = height, Width = width };
        if (size.IsShortestEdge)
            return values with { Fit = Fit.CenterCrop, ShortestEdge = size.Edge };
        return crop is null || crop.Value.Box == size.Box
            ? values with { Height = height, Width = width }
            : throw fields.Error("crop_size", $"{width} × {height} after stretching to {size.Box.Width} × {size.Box.Height}, which has no counterpart here; set Preprocessing in code");
    }

    private static string FilterName(int code) => code switch
    {
        0 => "nearest",
        1 => "Lanczos",
        4 => "box",
        5 => "Hamming",
        _ => "unknown",
    };
}
