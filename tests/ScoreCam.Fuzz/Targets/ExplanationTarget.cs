using ScoreCam.Images;

namespace ScoreCam.Fuzz.Targets;

/// <summary>Saved explanations. A loaded explanation can be drawn, and saved and loaded again.</summary>
internal sealed class ExplanationTarget : FuzzTarget
{
    private const int MostPixels = 4096;

    public override string Name => "explanation";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Saved(layers: 0), Saved(layers: 1), Saved(layers: 2)];

    /// <summary>A number of two bytes gives a token of twelve bytes and a float. The text is saved again.</summary>
    public override long AllowedBytes(int length) => (1 << 20) + (128L * length);

    public override byte[] Mutate(byte[] seed, Random random) => Mutations.TextMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file)
    {
        Explanation explanation = Explanation.Load(new MemoryStream(file));
        byte[] saved = Save(explanation);
        if (!Save(Explanation.Load(new MemoryStream(saved))).AsSpan().SequenceEqual(saved))
            throw new FuzzFailure("Saved and loaded, it is another explanation.");
    }

    public override void Compare(byte[] file)
    {
        Explanation explanation = Explanation.Load(new MemoryStream(file));
        PictureMapping mapping = explanation.Mapping;
        // Non-finite values cannot be drawn, and this gives an error.
        if ((long)mapping.PictureWidth * mapping.PictureHeight > MostPixels
            || explanation.Map.Values.ToArray().Any(value => !float.IsFinite(value)))
            return;
        explanation.MapOnPicture();
        explanation.Overlay(new RgbImage(mapping.PictureWidth, mapping.PictureHeight,
            new byte[3 * mapping.PictureWidth * mapping.PictureHeight]));
        explanation.Map.Regions(0.5f);
    }

    public override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    private static byte[] Save(Explanation explanation)
    {
        using MemoryStream stream = new();
        explanation.Save(stream);
        return stream.ToArray();
    }

    private static byte[] Saved(int layers)
    {
        SaliencyMap map = new(3, 2, [0, 0.2f, 0.4f, 0.6f, 0.8f, 1]), raw = new(2, 2, [-1, float.NaN, 1e-30f, 7]);
        PictureMapping mapping =
            PictureMapping.Identity(6, 4)
            with
            { InputWidth = 3, InputHeight = 2, ScaleX = 0.5, ScaleY = 0.5, OffsetX = 0.25 };
        LayerEvidence[] evidence = [.. Enumerable.Range(0, layers).Select(i => new LayerEvidence
        {
            Layer = new LayerInfo { Name = $"layer{i}", NodeName = "node", OpType = "Relu", Channels = 3, Height = 2,
                Width = 2 },
            Map = map,
            RawMap = raw,
            ChannelScores = new float[3],
            ChannelWeights = [0.5f, float.PositiveInfinity, 0.25f],
            PredictedChannels = [0, 2],
            EstimatedError = 0.1f,
            DeadChannels = 1,
            Passes = 2,
            Elapsed = TimeSpan.FromSeconds(1.5),
            Warnings = ["größer"],
        })];
        return Save(layers == 0
            ? new Explanation
            {
                Method = "RISE",
                TargetName = "cat",
                Map = map,
                RawMap = raw,
                Mapping = mapping,
                ModelSha256 = "ab",
                IsSigned = true
            }
            : new Explanation
            {
                Method = "Score-CAM",
                TargetName = "cat − dog",
                ClassIndex = 3,
                Logit = 1,
                Probability = 0.5f,
                Map = map,
                RawMap = raw,
                Mapping = mapping,
                ModelSha256 = "ab",
                Layers = evidence,
                Warnings = ["a", "b"]
            });
    }
}
