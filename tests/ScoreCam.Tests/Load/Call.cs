using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam.Tests.Load;

/// <summary>
/// One call of an explainer. Its result is a digest of every bit of the names, scores, weights, maps and warnings.
/// </summary>
internal sealed record Call(Explainer Explainer, PreparedImage Picture, Target[] Targets)
{
    public string Run(IProgress<ExplainProgress>? progress, CancellationToken cancellationToken) =>
        Digest(Explainer.Explain(Picture, Targets, progress, cancellationToken));

    private static string Digest(IReadOnlyList<Explanation> explanations)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Explanation why in explanations)
        {
            Add($"{why.Method} {why.TargetName} {why.ClassIndex} {string.Join('\n', why.Warnings)}");
            Floats([why.Logit ?? 0, why.Probability ?? 0]);
            Map(why.Map);
            Map(why.RawMap);
            foreach (LayerEvidence layer in why.Layers)
            {
                Add($"{layer.Layer} {layer.Passes} {layer.DeadChannels} {string.Join(' ', layer.PredictedChannels)}");
                Floats([.. layer.ChannelScores, .. layer.ChannelWeights, layer.EstimatedError ?? -1]);
                Map(layer.Map);
                Map(layer.RawMap);
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
        void Floats(ReadOnlySpan<float> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
        void Map(SaliencyMap map)
        {
            Add($"{map.Width} {map.Height}");
            Floats(map.Values);
        }
    }
}
