using System.Buffers;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>
/// The part of the network after a layer, as used by one explanation. Prefix tokens and tensors that bypass the layer
/// keep their values for the picture. Dispose it when the explanation ends.
/// </summary>
internal sealed class NetworkTail : IDisposable
{
    private readonly Network _network;
    private readonly ForwardPass _pass;
    private readonly RunContext _run;
    private readonly BatchPool _pool;
    private readonly IDisposable _owner;

    /// <summary>The whole tensor of a layer of tokens; empty for other layers.</summary>
    private readonly float[] _tokens = [];

    /// <param name="network">The network.</param>
    /// <param name="pass">The network's forward pass for the picture, with the layer and its activations.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="run">Cancellation and progress of the runs.</param>
    /// <exception cref="UnsupportedModelException">The network cannot be cut after this layer.</exception>
    public NetworkTail(Network network, ForwardPass pass, NetworkInput picture, RunContext run)
    {
        (_network, _pass, _run) = (network, pass, run);
        LayerInfo layer = pass.Layer;
        IReadOnlyList<string> bypasses = network.Layers.BypassesOf(layer.Name);
        if (bypasses.Count == 0 && layer.Layout != FeatureLayout.Tokens)
        {
            SessionCache<TailKey, BatchPool>.Lease lease = network.RentTail(layer);
            (_pool, _owner) = (lease.Session, lease);
            return;
        }
        // One more run computes what is needed in addition to the maps. Such a part belongs to one picture.
        IReadOnlyList<TensorBatch> taps = network.Tap(picture, new SessionKey([layer.Name, .. bypasses]), run);
        if (layer.Layout == FeatureLayout.Tokens)
            _tokens = taps[0].Values[..(layer.Channels * checked((int)taps[0].Shape[1]))];
        _owner = _pool = network.OpenTail(layer, _tokens.Length, [.. bypasses.Zip(taps.Skip(1))]);
    }

    /// <summary>Scores changed activations. Returns one row per target.</summary>
    /// <param name="count">The number of changes.</param>
    /// <param name="change">Changes activations, K × h × w. Initially, they are the layer's own activations.</param>
    /// <param name="targets">The resolved targets.</param>
    /// <param name="scored">The value to read for a target.</param>
    public float[][] Score(
        int count, Action<int, Span<float>> change, IReadOnlyList<Target> targets, ScoredValue scored)
    {
        bool probabilities = scored == ScoredValue.Probability;
        LayerInfo layer = _pass.Layer;
        (int height, int width) = _tokens.Length == 0
            ? (layer.Height, layer.Width) : (1, _tokens.Length / layer.Channels);
        return new TargetScorer(_pool, height, width, _network.Head, targets, probabilities)
            .Score(count, (i, destination, _) => Write(i, destination, change), _run);
    }

    public void Dispose() => _owner.Dispose();

    private void Write(int index, Span<float> destination, Action<int, Span<float>> change)
    {
        LayerInfo layer = _pass.Layer;
        ActivationMaps maps = _pass.Maps;
        if (layer.Layout == FeatureLayout.Nchw)
        {
            maps.Values.CopyTo(destination);
            change(index, destination);
            return;
        }
        _tokens.CopyTo(destination);
        int length = maps.Values.Length;
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        Span<float> planes = rented.AsSpan(0, length);
        maps.Values.CopyTo(planes);
        change(index, planes);
        Span<float> positions = destination.Slice(layer.PrefixTokens * layer.Channels, length);
        Planes.Write(planes, TensorLayout.Nhwc, layer.Channels, positions);
        ArrayPool<float>.Shared.Return(rented);
    }
}
