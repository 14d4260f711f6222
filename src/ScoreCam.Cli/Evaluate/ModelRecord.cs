using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScoreCam.Cli.Evaluate;

/// <summary>A loaded network: its file, and how it is read. Everything here can change a result.</summary>
internal sealed record ModelRecord
{
    public required string Sha256 { get; init; }

    /// <summary>The name of the tensor that holds the logits.</summary>
    public required string ScoreTensor { get; init; }

    /// <summary>The meaning of the scores.</summary>
    public required string Scores { get; init; }

    /// <summary>The order of the input's axes.</summary>
    public required string Layout { get; init; }

    /// <summary>The SHA-256 hash of the class names.</summary>
    public required string ClassesSha256 { get; init; }

    public required PreprocessingRecord Preprocessing { get; init; }

    public static ModelRecord Of(ImageModel model) => new()
    {
        Sha256 = model.Sha256,
        ScoreTensor = model.ScoreTensor,
        Scores = model.ScoreKind.ToString().ToLowerInvariant(),
        Layout = model.Input.Layout.ToString().ToLowerInvariant(),
        ClassesSha256 = Hash(string.Join('\n', Enumerable.Range(0, model.Classes.Count).Select(i => model.Classes[i]))),
        Preprocessing = PreprocessingRecord.Of(model.Preprocessing),
    };

    /// <summary>The start of the file's hash, for display.</summary>
    [JsonIgnore]
    public string ShortSha256 => $"{Sha256[..Math.Min(16, Sha256.Length)]}…";

    /// <summary>
    /// Returns the key of the results that this network gives with a seed. Results with another key belong to another
    /// run.
    /// </summary>
    public string Key(int seed)
    {
        string text = JsonSerializer.Serialize(this, EvaluationJson.Default.ModelRecord);
        return Hash($"{ProgramVersion.Current}\n{seed}\n{text}")[..16];
    }

    /// <summary>Describes the first difference to another network; null if there is none.</summary>
    public string? DifferenceTo(ModelRecord other) =>
        Sha256 != other.Sha256 ? $"the model (SHA-256 {ShortSha256} and {other.ShortSha256})"
        : ScoreTensor != other.ScoreTensor ? $"the scored tensor ({ScoreTensor} and {other.ScoreTensor})"
        : Scores != other.Scores ? $"the meaning of the scores ({Scores} and {other.Scores})"
        : Layout != other.Layout ? $"the layout of the input ({Layout} and {other.Layout})"
        : ClassesSha256 != other.ClassesSha256 ? "the class names"
        : Preprocessing.Text != other.Preprocessing.Text
            ? $"the preprocessing ({Preprocessing.Text} and {other.Preprocessing.Text})"
        : null;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
