using ScoreCam.Images;
using ScoreCam.Tests.Methods;
using static ScoreCam.Tests.Support.TinyVit;

namespace ScoreCam.Tests.Support;

/// <summary>Vision transformers as different exporters write them, their picture, and ways to run them.</summary>
internal static class TinyVits
{
    public static IReadOnlyDictionary<string, TinyVit> Variants { get; } = new Dictionary<string, TinyVit>
    {
        ["class token"] = new(),
        ["no prefix, mean"] = new() { Prefix = 0, Pool = Pooling.MeanOfAll },
        ["class token, mean of patches"] = new() { Pool = Pooling.MeanOfPatches },
        ["class token, mean of all"] = new() { Pool = Pooling.MeanOfAll },
        ["mean of patches, then the norm"] = new() { Pool = Pooling.MeanOfPatches, PoolFirst = true },
        ["mean of all, then the norm"] = new() { Prefix = 0, Pool = Pooling.MeanOfAll, PoolFirst = true },
        ["decomposed norm, mean, then the norm"] =
            new() { Opset = 13, DecomposedNorm = true, Pool = Pooling.MeanOfPatches, PoolFirst = true },
        ["distillation token"] = new() { Prefix = 2, Pool = Pooling.ClassAndDistillationToken },
        ["registers"] = new() { Prefix = 5 },
        ["registers, mean of patches"] = new() { Prefix = 5, Pool = Pooling.MeanOfPatches },
        ["attention pooling"] = new() { Prefix = 0, Pool = Pooling.Attention },
        ["decomposed norm"] = new() { Opset = 13, DecomposedNorm = true },
        ["decomposed norm, mean"] = new() { Opset = 13, DecomposedNorm = true, Pool = Pooling.MeanOfPatches },
        ["Gelu"] = new() { Opset = 20, FusedGelu = true },
        ["Gelu, tanh"] = new() { Opset = 20, FusedGelu = true, TanhGelu = true },
        ["Gelu in nodes, tanh"] = new() { TanhGelu = true },
        ["Attention"] = new() { Opset = 23, FusedGelu = true, FusedAttention = true },
        ["Attention, mean of patches"] = new() { Opset = 23, FusedAttention = true, Pool = Pooling.MeanOfPatches },
        ["three projections"] = new() { SeparateProjections = true },
        ["three projections, Attention"] = new() { Opset = 23, SeparateProjections = true, FusedAttention = true },
        ["batch of one"] = new() { Batch = 1 },
        ["batch of two"] = new() { Batch = 2 },
        ["batch of one, registers"] = new() { Batch = 1, Opset = 14, DecomposedNorm = true, Prefix = 3 },
        ["free size"] = new() { FreeSize = true },
        ["free size, mean of patches"] = new() { FreeSize = true, Pool = Pooling.MeanOfPatches },
    };

    public static PreparedImage Picture() => Networks.Picture(height: Rows * Patch, width: Columns * Patch);

    public static ImageModel Load(this TinyVit vit)
    {
        Preprocessing size = Preprocessing.Unit with { Height = Rows * Patch, Width = Columns * Patch };
        return ImageModel.Load(vit.ToBytes(), new() { Preprocessing = vit.FreeSize ? size : Preprocessing.Unit });
    }

    /// <summary>The tensor of a session for one picture, tokens × channels.</summary>
    public static float[] Values(this TinyVit vit, TinySession run, float[] picture) =>
        run.Of(vit.Input(picture))[..(vit.Tokens * Width)];

    /// <summary>A picture, repeated to fill the batch of the network.</summary>
    public static (float[] Values, long[] Shape) Input(this TinyVit vit, float[] picture)
    {
        int batch = Math.Max(1, vit.Batch);
        float[] values = [.. Enumerable.Repeat(picture, batch).SelectMany(values => values)];
        return (values, [batch, 3, Rows * Patch, Columns * Patch]);
    }
}
