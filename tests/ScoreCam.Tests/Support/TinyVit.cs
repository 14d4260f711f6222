using ScoreCam.Tests.Support.Proto;

namespace ScoreCam.Tests.Support;

/// <summary>A vision transformer of two blocks, in the ways in which exporters write one.</summary>
internal sealed record TinyVit
{
    public const int Width = 12, Heads = 2, Classes = 5, Patch = 4, Rows = 3, Columns = 4, Blocks = 2;

    public enum Pooling
    {
        /// <summary>The head reads the first token.</summary>
        ClassToken,

        /// <summary>Two heads read the first two tokens; their logits are averaged, as in DeiT.</summary>
        ClassAndDistillationToken,

        /// <summary>The head reads the mean of the patch tokens.</summary>
        MeanOfPatches,

        /// <summary>The head reads the mean of all tokens.</summary>
        MeanOfAll,

        /// <summary>A learned query attends to the tokens, as in SigLIP.</summary>
        Attention,
    }

    public int Opset { get; init; } = 17;

    public int Prefix { get; init; } = 1;

    public Pooling Pool { get; init; } = Pooling.ClassToken;

    /// <summary>−1 is free; 1 bakes the batch into every shape.</summary>
    public int Batch { get; init; } = -1;

    /// <summary>Height and width of the picture are free.</summary>
    public bool FreeSize { get; init; }

    /// <summary>LayerNorm as ReduceMean, Sub, Pow, …, as exporters write it below opset 17.</summary>
    public bool DecomposedNorm { get; init; }

    /// <summary>The operators Gelu (opset 20) and Attention (opset 23) instead of simpler operators.</summary>
    public bool FusedGelu { get; init; }

    public bool FusedAttention { get; init; }

    /// <summary>Gelu by its approximation with tanh instead of erf.</summary>
    public bool TanhGelu { get; init; }

    /// <summary>Query, key and value from three products instead of one.</summary>
    public bool SeparateProjections { get; init; }

    /// <summary>The prefix is after the patches.</summary>
    public bool PrefixLast { get; init; }

    /// <summary>Tokens of one picture.</summary>
    public int Tokens => Prefix + (Rows * Columns);

    /// <summary>The final norm is after the pool.</summary>
    public bool PoolFirst { get; init; }

    /// <summary>The layer to tap: the input of the last attention, or the tensor that enters the pool.</summary>
    public string Expected => Pool switch
    {
        Pooling.ClassToken or Pooling.ClassAndDistillationToken => "block1.norm1",
        _ => PoolFirst ? "block1.out" : "norm",
    };

    public byte[] ToBytes()
    {
        var model = new TinyModel(Opset, seed: 5, irVersion: Opset > 21 ? 10 : 8);
        (int height, int width) = FreeSize ? (-1, -1) : (Rows * Patch, Columns * Patch);
        model.Input("image", Batch, 3, height, width);
        Embed(model);
        string tokens = model.Last;
        for (int i = 0; i < Blocks; i++)
            tokens = Block(model, $"block{i}", tokens);
        if (!PoolFirst)
            Norm(model, "norm", tokens);
        Head(model);
        return model.Output("logits").ToBytes();
    }

    private void Embed(TinyModel model)
    {
        model.Weights("embed.weight", 0.2, Width, 3, Patch, Patch).Weights("embed.bias", 0.1, Width)
            .Op("Conv", "embed", ["image", "embed.weight", "embed.bias"],
                TinyModel.Attribute("kernel_shape", [Patch, Patch]), TinyModel.Attribute("strides", [Patch, Patch]))
            .Reshape("flat", 0, Width, -1).Transpose("patches", 0, 2, 1);
        if (Prefix > 0)
        {
            model.Weights("prefix", 1, 1, Prefix, Width);
            string prefix = "prefix";
            if (Batch != 1)
            {
                model.Initializer("zero", [1], 0L).Initializer("rest", [2], Prefix, (long)Width)
                    .Op("Shape", "sizes", ["patches"]).Op("Gather", "batch", ["sizes", "zero"])
                    .Op("Concat", "prefix.shape", ["batch", "rest"], TinyModel.Attribute("axis", 0))
                    .Op("Expand", prefix = "prefixes", ["prefix", "prefix.shape"]);
            }
            string[] parts = PrefixLast ? ["patches", prefix] : [prefix, "patches"];
            model.Op("Concat", "joined", parts, TinyModel.Attribute("axis", 1));
        }
        // Without a size there is no table of positions to add.
        if (!FreeSize)
            model.Weights("positions", 0.3, 1, Tokens, Width).Add("embedded", model.Last, "positions");
    }

    private string Block(TinyModel model, string name, string tokens)
    {
        Norm(model, $"{name}.norm1", tokens);
        SelfAttention(model, $"{name}.attention");
        model.Add($"{name}.middle", tokens, model.Last);
        Norm(model, $"{name}.norm2", $"{name}.middle");
        Linear(model, $"{name}.fc1", Width, 2 * Width);
        Gelu(model, $"{name}.gelu");
        Linear(model, $"{name}.fc2", 2 * Width, Width);
        model.Add($"{name}.out", $"{name}.middle", model.Last);
        return $"{name}.out";
    }

    private void SelfAttention(TinyModel model, string name)
    {
        string[] parts = [$"{name}.q", $"{name}.k", $"{name}.v"];
        string from = model.Last;
        if (SeparateProjections)
        {
            foreach (string part in parts)
                Linear(model, part, Width, Width, from);
        }
        else
        {
            Linear(model, $"{name}.qkv", Width, 3 * Width);
            model.Initializer($"{name}.thirds", [3], Width, Width, (long)Width)
                .Op("", "Split", parts, [$"{name}.qkv", $"{name}.thirds"], TinyModel.Attribute("axis", 2));
        }
        if (FusedAttention)
        {
            model.Op("Attention", $"{name}.mixed", parts,
                TinyModel.Attribute("q_num_heads", Heads), TinyModel.Attribute("kv_num_heads", Heads));
        }
        else
        {
            foreach (string part in parts)
                model.Initializer($"{part}.split", [4], 0, 0, Heads, (long)(Width / Heads))
                    .Op("Reshape", $"{part}.heads", [part, $"{part}.split"])
                    .Transpose($"{part}.ready", part.EndsWith('k') ? [0, 2, 3, 1] : [0, 2, 1, 3]);
            model.Op("MatMul", $"{name}.scores", [$"{parts[0]}.ready", $"{parts[1]}.ready"])
                .Initializer($"{name}.scale", [], (float)Math.Pow(Width / Heads, -0.5))
                .Mul($"{name}.scaled", $"{name}.scores", $"{name}.scale").Softmax($"{name}.weights", -1)
                .Op("MatMul", $"{name}.values", [$"{name}.weights", $"{parts[2]}.ready"])
                .Transpose($"{name}.turned", 0, 2, 1, 3).Reshape($"{name}.mixed", 0, 0, Width);
        }
        Linear(model, $"{name}.proj", Width, Width);
    }

    private void Head(TinyModel model)
    {
        string tokens = model.Last;
        switch (Pool)
        {
            case Pooling.ClassToken:
                Token(model, tokens, PrefixLast ? -1 : 0).Gemm("logits", Classes, Width);
                return;
            case Pooling.ClassAndDistillationToken:
                Token(model, tokens, 0).Gemm("first", Classes, Width);
                Token(model, tokens, 1).Gemm("second", Classes, Width);
                model.Add("both", "first", "second").Initializer("two", [], 2f).Op("Div", "logits", ["both", "two"]);
                return;
            case Pooling.MeanOfPatches:
                model.Initializer("starts", [1], (long)Prefix).Initializer("ends", [1], long.MaxValue)
                    .Initializer("axis", [1], 1L)
                    .Op("Slice", "kept", [tokens, "starts", "ends", "axis"]);
                break;
            case Pooling.Attention:
                model.Weights("query", 1, 1, Width, 1).Op("MatMul", "relevance", [tokens, "query"]).Softmax("share", 1)
                    .Transpose("row", 0, 2, 1).Op("MatMul", "pooled", ["row", tokens]).Reshape("vector", -1, Width)
                    .Gemm("logits", Classes, Width);
                return;
        }
        Mean(model, "mean", model.Last, axis: 1, keep: false);
        if (PoolFirst)
            Norm(model, "norm", "mean");
        model.Gemm("logits", Classes, Width);
    }

    private static TinyModel Token(TinyModel model, string tokens, long index) =>
        model.Initializer($"token{index}", [], index)
            .Op("Gather", $"token{index}.value", [tokens, $"token{index}"], TinyModel.Attribute("axis", 1));

    private static void Linear(TinyModel model, string name, int inputs, int outputs, string? from = null) =>
        model.MatMul(name, outputs, inputs, from);

    private void Gelu(TinyModel model, string name)
    {
        string x = model.Last;
        if (FusedGelu)
        {
            model.Op("Gelu", name, [x], TinyModel.Attribute("approximate", TanhGelu ? "tanh" : "none"));
            return;
        }
        if (TanhGelu)
        {
            model.Initializer($"{name}.three", [], 3f).Initializer($"{name}.cubic", [], 0.044715f)
                .Initializer($"{name}.slope", [], MathF.Sqrt(2 / MathF.PI))
                .Initializer($"{name}.one", [], 1f).Initializer($"{name}.half", [], 0.5f)
                .Op("Pow", $"{name}.cube", [x, $"{name}.three"]).Mul($"{name}.added", $"{name}.cube", $"{name}.cubic")
                .Add($"{name}.inner", x, $"{name}.added").Mul($"{name}.scaled", $"{name}.inner", $"{name}.slope")
                .Unary("Tanh", $"{name}.tanh").Add($"{name}.sum", $"{name}.tanh", $"{name}.one")
                .Mul($"{name}.product", x, $"{name}.sum").Mul(name, $"{name}.product", $"{name}.half");
            return;
        }
        model.Initializer($"{name}.root", [], MathF.Sqrt(2))
            .Initializer($"{name}.one", [], 1f).Initializer($"{name}.half", [], 0.5f)
            .Op("Div", $"{name}.scaled", [x, $"{name}.root"]).Unary("Erf", $"{name}.erf")
            .Add($"{name}.sum", $"{name}.erf", $"{name}.one")
            .Mul($"{name}.product", x, $"{name}.sum").Mul(name, $"{name}.product", $"{name}.half");
    }

    private void Norm(TinyModel model, string name, string from)
    {
        model.Weights($"{name}.scale", 0.5, Width).Weights($"{name}.shift", 0.1, Width);
        if (!DecomposedNorm)
        {
            string[] inputs = [from, $"{name}.scale", $"{name}.shift"];
            model.Op("LayerNormalization", name, inputs, TinyModel.Attribute("axis", -1));
            return;
        }
        Mean(model, $"{name}.mean", from, axis: -1, keep: true);
        model.Op("Sub", $"{name}.centred", [from, $"{name}.mean"]).Initializer($"{name}.two", [], 2f)
            .Op("Pow", $"{name}.squares", [$"{name}.centred", $"{name}.two"]);
        Mean(model, $"{name}.variance", $"{name}.squares", axis: -1, keep: true);
        model.Initializer($"{name}.epsilon", [], 1e-5f).Add($"{name}.safe", $"{name}.variance", $"{name}.epsilon")
            .Unary("Sqrt", $"{name}.deviation")
            .Op("Div", $"{name}.unit", [$"{name}.centred", $"{name}.deviation"])
            .Mul($"{name}.scaled", $"{name}.unit", $"{name}.scale").Add(name, $"{name}.scaled", $"{name}.shift");
    }

    private void Mean(TinyModel model, string name, string from, long axis, bool keep)
    {
        AttributeProto dims = TinyModel.Attribute("keepdims", keep ? 1 : 0);
        if (Opset >= 18)
            model.Initializer($"{name}.axes", [1], axis).Op("ReduceMean", name, [from, $"{name}.axes"], dims);
        else
            model.Op("ReduceMean", name, [from], TinyModel.Attribute("axes", [axis]), dims);
    }
}
