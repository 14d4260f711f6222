using System.Buffers;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>The part of the network after a layer, as one explanation uses it. Dispose it when the explanation ends.</summary>
internal sealed class NetworkTail(Network network, LayerInfo layer, ActivationMaps maps) : IDisposable
{
    private readonly BatchPool _pool = network.OpenTail(layer);
    private readonly bool _isInterleaved = network.Layers.LayoutOf(layer.Name) == TensorLayout.Nhwc;

    /// <summary>Scores changed activations: one row per target.</summary>
    /// <param name="count">How many.</param>
    /// <param name="change">Changes activations, K × h × w, which are the layer's own at first.</param>
    /// <param name="head">What the network's values mean.</param>
    /// <param name="targets">The resolved targets.</param>
    /// <param name="scored">What is read for a target.</param>
    /// <param name="run">What the runs share.</param>
    public float[][] Score(
        int count,
        Action<int, Span<float>> change,
        ScoreHead head,
        IReadOnlyList<Target> targets,
        ScoredValue scored,
        RunContext run)
    {
        bool probabilities = scored == ScoredValue.Probability;
        return new TargetScorer(_pool, maps.Height, maps.Width, head, targets, probabilities)
            .Score(count, (i, destination, _) => Write(i, destination, change), run);
    }

    public void Dispose() => _pool.Dispose();

    private void Write(int index, Span<float> destination, Action<int, Span<float>> change)
    {
        if (!_isInterleaved)
        {
            maps.Values.CopyTo(destination);
            change(index, destination);
            return;
        }
        float[] rented = ArrayPool<float>.Shared.Rent(destination.Length);
        Span<float> planes = rented.AsSpan(0, destination.Length);
        maps.Values.CopyTo(planes);
        change(index, planes);
        Interleave(planes, destination);
        ArrayPool<float>.Shared.Return(rented);
    }

    private void Interleave(ReadOnlySpan<float> planes, Span<float> destination)
    {
        int places = maps.Height * maps.Width;
        for (int k = 0; k < maps.Channels; k++)
            for (int i = 0; i < places; i++)
                destination[(i * maps.Channels) + k] = planes[(k * places) + i];
    }
}
