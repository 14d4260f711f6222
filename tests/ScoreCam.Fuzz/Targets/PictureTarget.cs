using ScoreCam.Images;
using ScoreCam.Skia;
using SkiaSharp;

namespace ScoreCam.Fuzz.Targets;

/// <summary>
/// Picture files. The memory of the native decoder is not measured: it has the size in the header, which is bounded.
/// </summary>
internal sealed class PictureTarget : FuzzTarget
{
    private const long MaxPixels = 1 << 16;

    private static readonly Preprocessing Small =
        new() { Width = 8, Height = 8, Fit = Fit.CenterCrop, ShortestEdge = 9 };

    private static readonly string[] Others =
    [
        "R0lGODdhBAADAIIAAPPNGNKusI/tcXLNP8eDfwaDZsot3AAAACwAAAAABAADAAAIEAABCChggAAAAwMIBAgwICAAOw==",
        "Qk1aAAAAAAAAADYAAAAoAAAABAAAAAMAAAABABgAAAAAACQAAADEDgAAxA4AAAAAAAAAAAAA"
            + "rG/SsK7SqfLaP81yUZa7GM3z9gjsJOekIuT/vfN5ZoMGwVKo",
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAIAAAAr0DSeAAAAFUlEQVR4nGNgYGhg+P9f6L8QQ30DABsrBKGJtHg1AAAAAElFTkSuQmCC",
    ];

    public override string Name => "picture";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. from format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp }
           from size in new[] { (16, 12), (1, 1), (4000, 1), (1, 4000) }
           select Encoded(format, size.Item1, size.Item2),
        .. Others.Select(Convert.FromBase64String),
    ];

    public override long AllowedBytes(int length) => (1 << 16) + (3 * MaxPixels) + (2L * length);

    public override void Read(byte[] file)
    {
        RgbImage picture = SkiaImage.Load(file, MaxPixels);
        if ((long)picture.Width * picture.Height > MaxPixels)
            throw new FuzzFailure($"A picture of {picture.Width} × {picture.Height} pixels was read.");
    }

    public override void Compare(byte[] file) => Small.Prepare(SkiaImage.Load(file, MaxPixels), 3);

    public override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    private static byte[] Encoded(SKEncodedImageFormat format, int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(1).NextBytes(pixels);
        using SKBitmap bitmap = new RgbImage(width, height, pixels).ToSkia();
        using SKData data = bitmap.Encode(format, 80);
        return data.ToArray();
    }
}
