using System.Buffers;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>
/// The part of the network after a layer, as one explanation uses it. Dispose it when the explanation ends.
/// </summary>
internal sealed class NetworkTail : IDisposable
{
    private readonly ActivationMaps _maps;
    private readonly TensorLayout _layout;
    private readonly SessionCache<TailKey, BatchPool>.Lease _lease;

    /// <exception cref="UnsupportedModelException">The network cannot be cut there.</exception>
    public NetworkTail(Network network, LayerInfo layer, ActivationMaps maps)
    {
        (_maps, _layout) = (maps, network.Layers.LayoutOf(layer.Name));
        _lease = network.RentTail(layer);
    }

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
        return new TargetScorer(_lease.Session, _maps.Height, _maps.Width, head, targets, probabilities)
            .Score(count, (i, destination, _) => Write(i, destination, change), run);
    }

    public void Dispose() => _lease.Dispose();

    private void Write(int index, Span<float> destination, Action<int, Span<float>> change)
    {
        if (_layout == TensorLayout.Nchw)
        {
            _maps.Values.CopyTo(destination);
            change(index, destination);
            return;
        }
        float[] rented = ArrayPool<float>.Shared.Rent(destination.Length);
        Span<float> planes = rented.AsSpan(0, destination.Length);
        _maps.Values.CopyTo(planes);
        change(index, planes);
        Planes.Write(planes, _layout, _maps.Channels, destination);
        ArrayPool<float>.Shared.Return(rented);
    }
}
