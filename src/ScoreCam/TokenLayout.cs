namespace ScoreCam;

/// <summary>
/// Describes a tensor of tokens, [batch, tokens, channels], and the image positions in it. ScoreCam finds the layout of
/// common vision transformers. For others, set <see cref="ModelOptions.Tokens"/>. The tensor becomes the default layer.
/// </summary>
public sealed record TokenLayout
{
    /// <summary>The name of the tensor, or of the node that computes it.</summary>
    public required string Layer { get; init; }

    /// <summary>The number of rows of image positions.</summary>
    public required int Height { get; init; }

    /// <summary>The number of columns of image positions.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// The number of tokens before the first image position: class, distillation and register tokens. The default is 0.
    /// The image positions follow, row by row. More tokens can follow after them.
    /// </summary>
    public int PrefixTokens { get; init; }
}
