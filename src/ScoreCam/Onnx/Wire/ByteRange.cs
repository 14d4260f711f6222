namespace ScoreCam.Onnx.Wire;

/// <summary>A stretch of the model's bytes: the content of a message, without its tag and length.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> model) => model.Slice(Start, Length);
}
