using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Execution;

/// <summary>Writes activations <paramref name="index"/>, in the layer's layout, from the layer's own ones. Called from several threads.</summary>
internal delegate void ActivationWriter(int index, Span<float> destination, NetworkInput activations, BatchBuffer buffer);

/// <summary>The part of the network after the layer, as one call of a method uses it. Dispose it when the call ends.</summary>
internal sealed class NetworkTail(Network network, MethodRun run, bool probabilities) : IDisposable
{
    private readonly BatchPool _pool = network.OpenTail(run.Pass!.Layer);

    /// <summary>Scores changed activations: one row per target.</summary>
    public float[][] Score(int count, ActivationWriter write)
    {
        ActivationMaps maps = run.Maps;
        var values = new float[maps.Channels * maps.Height * maps.Width];
        for (int k = 0; k < maps.Channels; k++)
            maps[k].CopyTo(values.AsSpan(k * maps.Height * maps.Width));
        var activations = new NetworkInput(PreparedImage.FromTensor(values, maps.Channels, maps.Height, maps.Width), network.Layers.LayoutOf(run.Pass!.Layer.Name));
        return new TargetScorer(_pool, maps.Height, maps.Width, run.Head, run.Targets, probabilities)
            .Score(count, (i, destination, buffer) => write(i, destination, activations, buffer), run.Run);
    }

    public void Dispose() => _pool.Dispose();
}
