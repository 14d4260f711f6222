using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>
/// Opens a network. If its default layer holds tokens, the choice of the layer is checked with trial runs. A patch
/// token must influence the scores; otherwise, a layer one block earlier is tried. A change of the picture must change
/// the token at the same position most.
/// </summary>
internal static class TokenCheck
{
    /// <summary>The smallest change of a score that counts as a change, relative to the largest score.</summary>
    private const float SmallestChange = 1e-6f;

    public static Network Open(ModelAnalysis model, Func<ModelAnalysis, Network> open)
    {
        if (model.DefaultLayer is not { Site.IsTokens: true, Earlier: { } earlier })
            return open(model);
        foreach (LayerSite site in earlier.Prepend(model.DefaultLayer.Site))
        {
            Network network = open(model.WithDefault(new(site)));
            try
            {
                if (HasInfluence(network))
                {
                    LayerInfo layer = network.Layers.Default;
                    if (HasOrder(network, layer) || HasOrder(network, FirstLike(network, layer)))
                        return network;
                    network.Dispose();
                    break;
                }
            }
            catch
            {
                network.Dispose();
                throw;
            }
            network.Dispose();
        }
        return open(model.WithDefault(new(null)));
    }

    /// <summary>Whether the scores change if one patch token is set to zero.</summary>
    public static bool HasInfluence(Network network)
    {
        using var run = new RunContext(null, CancellationToken.None);
        LayerInfo layer = network.Layers.Default;
        NetworkInput picture = Picture(network);
        ForwardPass pass = network.Forward(picture, layer.Name, run);
        using var tail = new NetworkTail(network, pass, picture, run);
        int positions = layer.Height * layer.Width;
        // Scores the unchanged tokens first, then a change of the first token, then a change of the last.
        int[] changed = [-1, 0, positions - 1];
        Target[] targets = [.. Enumerable.Range(0, network.Head.Classes).Select(index => Target.Class(index))];
        float[][] scores = tail.Score(changed.Length, Clear, targets, ScoredValue.Logit);
        float least = SmallestChange * scores.Max(row => MathF.Abs(row[0]));
        return Enumerable.Range(1, 2).All(i => scores.Any(row => MathF.Abs(row[i] - row[0]) > least));

        void Clear(int i, Span<float> maps)
        {
            for (int k = 0; changed[i] >= 0 && k < layer.Channels; k++)
                maps[(k * positions) + changed[i]] = 0;
        }
    }

    /// <summary>Whether a change of one patch of the picture changes the token at this position most.</summary>
    public static bool HasOrder(Network network, LayerInfo layer)
    {
        using var run = new RunContext(null, CancellationToken.None);
        ActivationMaps before = network.Forward(Picture(network), layer.Name, run).Maps;
        // Exchanging rows and columns does not turn either position into the other.
        foreach ((int row, int column) in new[] { (layer.Height / 4, layer.Width / 2), (layer.Height - 1, 0) })
        {
            ActivationMaps after = network.Forward(Picture(network, (row, column)), layer.Name, run).Maps;
            var change = new double[layer.Height * layer.Width];
            for (int k = 0; k < layer.Channels; k++)
                for (int i = 0; i < change.Length; i++)
                    change[i] += Math.Pow(after[k][i] - before[k][i], 2);
            if (Array.IndexOf(change, change.Max()) != (row * layer.Width) + column)
                return false;
        }
        return true;
    }

    /// <summary>
    /// Returns the first layer with the same tokens. Attention spreads a change over all tokens from block to block,
    /// but the positions of the tokens do not change.
    /// </summary>
    private static LayerInfo FirstLike(Network network, LayerInfo layer) => network.Layers.All.First(
        other => (other.Layout, other.Height, other.Width, other.PrefixTokens)
            == (layer.Layout, layer.Height, layer.Width, layer.PrefixTokens));

    /// <summary>
    /// Returns a picture of noise. If a position is given, the patch at this position has different noise.
    /// </summary>
    private static NetworkInput Picture(Network network, (int Row, int Column)? position = null)
    {
        (int height, int width) = network.Analysis.TriedSize;
        LayerInfo layer = network.Layers.Default;
        float range = network.Input.IsByte ? 255 : 1;
        var (random, other) = (new SeededRandom(0), new SeededRandom(1));
        var values = new float[network.Input.Channels * height * width];
        for (int i = 0; i < values.Length; i++)
        {
            (int y, int x) = (i / width % height, i % width);
            bool isChanged = position == (y * layer.Height / height, x * layer.Width / width);
            (float usual, float changed) = ((float)random.NextDouble(), (float)other.NextDouble());
            values[i] = range * (isChanged ? 2 * changed : usual);
        }
        return new(PreparedImage.FromTensor(values, network.Input.Channels, height, width), network.Input.Layout);
    }
}
