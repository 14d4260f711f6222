namespace ScoreCam;

/// <summary>
/// A tensor of tokens, [batch, tokens, channels], and where the places of the picture stand in it. ScoreCam finds the
/// layout of the usual vision transformers. Set it in <see cref="ModelOptions.Tokens"/> for others. The tensor becomes
/// the default layer.
/// </summary>
public sealed record TokenLayout
{
    /// <summary>The tensor, by its own name or by that of the node that computes it.</summary>
    public required string Layer { get; init; }

    /// <summary>Rows of places.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of places.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// Tokens before the places that stand for none: class, distillation and register tokens. Default: 0. The places
    /// follow, row by row. Tokens after them are allowed.
    /// </summary>
    public int PrefixTokens { get; init; }
}
