using System.Numerics;
using System.Text.Json;
using ScoreCam.IO;

namespace ScoreCam.Images;

/// <summary>
/// Reads preprocessing configurations: <c>preprocessor_config.json</c> of Hugging Face, <c>config.json</c> of timm and
/// <c>metadata.json</c> of Teachable Machine. It rejects fields that require an unsupported feature.
/// </summary>
internal static class PreprocessorConfig
{
    private const string Unsupported = "and that is not supported; set ModelOptions.Preprocessing in code";

    // The processors of ConvNeXT and LeViT crop to this fraction of the resized picture if the file gives none.
    private const double DefaultCropShare = 224.0 / 256;

    /// <summary>Pillow's numbers of the filters, which Hugging Face uses.</summary>
    private static readonly ResampleFilter[] PillowFilters =
    [
        ResampleFilter.Nearest, ResampleFilter.Lanczos, ResampleFilter.Bilinear, ResampleFilter.Bicubic,
        ResampleFilter.Box, ResampleFilter.Hamming,
    ];

    private static readonly string[] TeachableMachineFields = ["tfjsVersion", "tmVersion"];

    /// <summary>Whether a text looks like the <c>metadata.json</c> of Teachable Machine.</summary>
    public static bool IsTeachableMachine(string text) =>
        TeachableMachineFields.Any(field => text.Contains($"\"{field}\"", StringComparison.Ordinal));

    public static Preprocessing Load(string path, int maxBytes, string limitName)
    {
        using FileStream file = File.OpenRead(path);
        return Load(file, maxBytes, limitName, $"'{path}'");
    }

    public static Preprocessing Load(Stream stream, int maxBytes, string limitName, string source) =>
        Parse(LimitedReader.ReadText(stream, maxBytes, limitName, source), source);

    /// <summary>Reads a configuration that must contain preprocessing.</summary>
    /// <exception cref="InvalidDataException">The configuration is not valid, or not supported.</exception>
    public static Preprocessing Parse(string json, string source) =>
        Read(json, source, fields => FromTimm(fields) ?? FromTeachableMachine(fields) ?? FromHuggingFace(fields));

    /// <summary>
    /// Finds preprocessing in a <c>config.json</c> or <c>metadata.json</c>; null if the file contains none.
    /// </summary>
    /// <exception cref="InvalidDataException">The configuration is not valid, or not supported.</exception>
    public static Preprocessing? Find(string json, string source) =>
        Read(json, source, fields => FromTimm(fields) ?? FromTeachableMachine(fields));

    private static T Read<T>(string json, string source, Func<ConfigFields, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return read(new ConfigFields(document.RootElement, source));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two exceptions mean that the text is not valid Unicode.
            throw new InvalidDataException($"{source} is not valid JSON: {e.Message}", e);
        }
    }

    // Teachable Machine crops the centre square, resizes it with the Lanczos filter and scales to −1…1.
    private static Preprocessing? FromTeachableMachine(ConfigFields fields)
    {
        if (!TeachableMachineFields.Any(fields.Has))
            return null;
        int? side = fields.Side("imageSize");
        return Preprocessing.Inception with
        {
            Fit = Fit.CenterCrop,
            Filter = ResampleFilter.Lanczos,
            Width = side,
            Height = side,
        };
    }

    private static Preprocessing? FromTimm(ConfigFields fields) =>
        fields.IsObject("pretrained_cfg") ? TimmConfig.Read(fields.Object("pretrained_cfg")!) : null;

    private static Preprocessing FromHuggingFace(ConfigFields fields)
    {
        foreach (string field in (string[])["offset", "rescale_offset", "do_grayscale"])
            if (fields.Flag(field, false))
                throw fields.Error(field, $"true, {Unsupported}");
        RequireNoPadding(fields);

        bool flipped = fields.Flag("do_flip_channel_order", false);
        bool normalized = fields.Flag("do_normalize", !flipped || fields.Has("image_mean"));
        Preprocessing values = new()
        {
            Scale = fields.Flag("do_rescale", true) ? (float)fields.Number("rescale_factor", 1.0 / 255) : 1,
            Mean = normalized ? fields.Color("image_mean") : Vector3.Zero,
            Std = normalized ? fields.Color("image_std") : Vector3.One,
            Order = flipped ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            Filter = Filter(fields),
        };
        RequireUsable(values, fields, "rescale_factor", "image_std");
        return WithShape(fields, values);
    }

    /// <summary>Rejects a scale of zero and a standard deviation that is not positive.</summary>
    public static void RequireUsable(Preprocessing values, ConfigFields fields, string scale, string std)
    {
        if (values.Scale == 0)
            throw fields.Error(scale, "0, which makes every picture the same");
        if (Math.Min(values.Std.X, Math.Min(values.Std.Y, values.Std.Z)) <= 0)
            throw fields.Error(std, $"{values.Std}, but a standard deviation is positive");
    }

    // Without a size, padding only gives the pictures of a batch the same size. A single picture does not change.
    private static void RequireNoPadding(ConfigFields fields)
    {
        if (!fields.Flag("do_pad", false))
            return;
        foreach (string field in (string[])["pad_size", "size_divisor", "pad_and_return_pixel_mask"])
            if (fields.Has(field))
                throw fields.Error("do_pad", $"true with {field}, {Unsupported}");
        if (fields.Size("size") is not { Kind: SizeKind.ShortestEdge or SizeKind.LongestEdge })
            throw fields.Error("do_pad", $"true, {Unsupported}");
    }

    private static ResampleFilter Filter(ConfigFields fields)
    {
        int number = fields.Integer("resample", 2);
        return (uint)number < (uint)PillowFilters.Length
            ? PillowFilters[number]
            : throw fields.Error("resample", $"{number}, but 0 to {PillowFilters.Length - 1} are Pillow's filters");
    }

    private static Preprocessing WithShape(ConfigFields fields, Preprocessing values)
    {
        bool crops = fields.Flag("do_center_crop", fields.Has("crop_size"));
        if (!fields.Flag("do_resize", true))
            return crops ? throw fields.Error("do_center_crop", $"true without do_resize, {Unsupported}") : values;

        string processor = fields.Text("image_processor_type") ?? fields.Text("feature_extractor_type") ?? "";
        ConfigSize size = fields.Size("size") ?? throw fields.Error("size", "missing although do_resize is not false");
        ConfigSize? crop = crops ? fields.Size("crop_size") ?? size : null;
        (int height, int width) = (crop ?? size).Box;
        if (CropShare(fields, processor) is { } share)
        {
            // ConvNeXT's processor has no crop_size, and it does not crop sizes of 384 or more.
            bool stretches = crop is null && size.Edge >= 384;
            return stretches
                ? values with { Height = size.Edge, Width = size.Edge }
                : CenterCrop((int)(size.Edge / share)) with { Height = height, Width = width };
        }

        bool keepsAspect = size.Kind == SizeKind.ShortestEdge
            || (size.Kind == SizeKind.Number && !processor.StartsWith("DeiT", StringComparison.OrdinalIgnoreCase));
        if (crop is not null && keepsAspect)
            return CenterCrop(size.Edge) with { LongestEdge = size.LongestEdge, Height = height, Width = width };
        if (size.Kind == SizeKind.ShortestEdge)
            return CenterCrop(size.Edge) with { LongestEdge = size.LongestEdge };
        if (size.Kind == SizeKind.LongestEdge)
            return crop is null
                ? values with { Fit = Fit.Letterbox, LongestEdge = size.LongestEdge }
                : throw fields.Error("crop_size", $"given together with size.longest_edge, {Unsupported}");
        if (crop is null || crop.Value.Box == size.Box)
            return values with { Height = height, Width = width };
        string stretched = $"{size.Box.Width} × {size.Box.Height}";
        throw fields.Error("crop_size", $"{width} × {height} after stretching to {stretched}, {Unsupported}");

        Preprocessing CenterCrop(int edge) => values with { Fit = Fit.CenterCrop, ShortestEdge = edge };
    }

    private static double? CropShare(ConfigFields fields, string processor)
    {
        bool hasDefault = processor.StartsWith("ConvNe", StringComparison.OrdinalIgnoreCase)
            || processor.StartsWith("Levit", StringComparison.OrdinalIgnoreCase);
        double? share = fields.Has("crop_pct") ? fields.Number("crop_pct", 1) : hasDefault ? DefaultCropShare : null;
        return share is < 0.1 or > 1
            ? throw fields.Error("crop_pct", $"{share}, but a share of 0.1 to 1 is expected")
            : share;
    }
}
