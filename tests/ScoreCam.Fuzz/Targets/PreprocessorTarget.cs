using System.Text;
using ScoreCam.Images;

namespace ScoreCam.Fuzz.Targets;

/// <summary>
/// <c>preprocessor_config.json</c>. A configuration that is read can prepare a picture, or gives the reason why not.
/// </summary>
internal sealed class PreprocessorTarget : FuzzTarget
{
    private static readonly RgbImage Picture = new(5, 3, new byte[45]);

    private static readonly string[] Files =
    [
        """
        {"crop_size": {"height": 8, "width": 9}, "do_center_crop": true, "do_normalize": true, "do_rescale": true,
        "do_resize": true, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225],
        "image_processor_type": "ViTImageProcessor", "resample": 3, "rescale_factor": 0.00392156862745098,
        "size": {"shortest_edge": 12}}
        """,
        """
        {"crop_pct": 0.875, "do_resize": true, "feature_extractor_type": "ConvNextFeatureExtractor",
        "image_mean": [0.5], "image_std": 0.5, "resample": 2, "size": 24}
        """,
        """
        {"do_flip_channel_order": true, "do_resize": true, "size": {"height": 16, "width": 16}, "do_normalize": false}
        """,
        """{"do_resize": false, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}""",
    ];

    public override string Name => "preprocessor";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Files.Select(Encoding.UTF8.GetBytes)];

    public override long AllowedBytes(int length) => (1 << 18) + (64L * length);

    public override byte[] Mutate(byte[] seed, Random random) => Mutations.TextMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file) => Load(file);

    public override void Compare(byte[] file)
    {
        Preprocessing read = Load(file);
        if (Math.Max(Math.Max(read.Width ?? 1, read.Height ?? 1), read.ShortestEdge ?? 1) > 256)
            return;
        PreparedImage image = read.Prepare(Picture, 3);
        if (image.Tensor.Length != image.Channels * image.Height * image.Width)
            throw new FuzzFailure("The prepared picture has another size than it says.");
    }

    private static Preprocessing Load(byte[] file) =>
        PreprocessorConfig.Load(new MemoryStream(file), new ModelOptions().MaxSidecarBytes, "the bound",
        "preprocessor_config.json");

    public override bool IsDocumented(Exception exception) => exception is InvalidDataException;
}
