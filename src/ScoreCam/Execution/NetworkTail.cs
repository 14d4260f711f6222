using System.Buffers;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>Changes the activations of a layer. Called from several threads, for different indices.</summary>
/// <param name="index">Which of the changes.</param>
/// <param name="activations">Holds the layer's own activations A, K × h × w, row-major.</param>
public delegate void ActivationWriter(int index, Span<float> activations);

/// <summary>The part of the network after a layer, as one explanation uses it. Dispose it when the explanation ends.</summary>
internal sealed class NetworkTail(Network network, LayerInfo layer, ActivationMaps maps) : IDisposable
{
    private readonly BatchPool _pool = network.OpenTail(layer);
    private readonly bool _isInterleaved = network.Layers.LayoutOf(layer.Name) == TensorLayout.Nhwc;

    /// <summary>Scores changed activations: one row per target.</summary>
    public float[][] Score(
        int count, ActivationWriter write, ScoreHead head, IReadOnlyList<Target> targets, ScoredValue scored, RunContext run)
    {
        bool probabilities = scored == ScoredValue.Probability;
        return new TargetScorer(_pool, maps.Height, maps.Width, head, targets, probabilities)
            .Score(count, (i, destination, _) => Write(i, destination, write), run);
    }

    public void Dispose() => _pool.Dispose();

    private void Write(int index, Span<float> destination, ActivationWriter write)
    {
        if (!_isInterleaved)
        {
            maps.Values.CopyTo(destination);
            write(index, destination);
            return;
        }
        float[] rented = ArrayPool<float>.Shared.Rent(destination.Length);
        Span<float> planes = rented.AsSpan(0, destination.Length);
        maps.Values.CopyTo(planes);
        write(index, planes);
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
