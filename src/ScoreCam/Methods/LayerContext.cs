using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam.Methods;

/// <summary>Changes the activations of a layer. Called from several threads, for different indices.</summary>
/// <param name="index">The index of the change.</param>
/// <param name="activations">
/// The activations to change, K × h × w, row-major. Initially, they are the layer's own activations.
/// </param>
public delegate void ActivationWriter(int index, Span<float> activations);

/// <summary>
/// The context of a method that reads a layer. It adds the layer's activations, their gradients, and ways to score
/// changed activations.
/// </summary>
public sealed class LayerContext : MethodContext
{
    private readonly ForwardPass _pass;
    private IReadOnlyList<ActivationMaps>? _gradients;

    internal LayerContext(MethodCall call, View view, int sweepsLeft, ForwardPass pass)
        : base(call, view, sweepsLeft) => _pass = pass;

    /// <summary>The layer.</summary>
    public LayerInfo Layer => _pass.Layer;

    /// <summary>The layer's activations A on the picture, K × h × w.</summary>
    public ActivationMaps Activations => _pass.Maps;

    /// <summary>
    /// The gradients dS/dA of each target's score with respect to the activations, K × h × w, one per target. A score
    /// is a logit, or the target's function of the logits. The gradients are computed on first access, for all targets
    /// at once.
    /// </summary>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">
    /// An operator of the network has no gradient. The message names it and lists methods that do not need gradients.
    /// </exception>
    public IReadOnlyList<ActivationMaps> Gradients =>
        _gradients ??= new Gradients(Call.Network, Targets, Call.Run).OfLayer(Input, _pass);

    /// <summary>Computes the gradients with respect to the activations of another picture, one per target.</summary>
    /// <param name="tensor">The picture, channels × height × width.</param>
    internal IReadOnlyList<ActivationMaps> GradientsAt(float[] tensor)
    {
        NetworkInput picture =
            Call.Model.ToNetworkInput(PreparedImage.FromTensor(tensor, Image.Channels, Height, Width));
        Call.Run.Expect(1);
        ForwardPass pass = Call.Network.Forward(picture, Layer.Name, Call.Run);
        Call.Run.Report(1);
        return new Gradients(Call.Network, Targets, Call.Run).OfLayer(picture, pass);
    }

    /// <summary>The network's values for the picture of this context, which can be the mirror image.</summary>
    internal float[] Values => _pass.Values;

    /// <summary>Computes the gradient of a target with respect to <see cref="Values"/>.</summary>
    /// <exception cref="ArgumentException">The target has no gradient.</exception>
    internal float[] Seed(int target) => new Gradients(Call.Network, Targets, Call.Run).Seed(Targets[target], Values);

    /// <summary>
    /// Scores changed activations. Only the part of the network after the layer runs, in batches on all workers.
    /// </summary>
    /// <param name="count">The number of changes.</param>
    /// <param name="write">Makes one change.</param>
    /// <param name="scored">The value to read for a target.</param>
    /// <returns>One row per target, with one score per change.</returns>
    /// <exception cref="UnsupportedModelException">The network cannot be cut after the layer.</exception>
    /// <exception cref="ScoreCamException">The network failed, or a score is not finite.</exception>
    public float[][] ScoreActivations(int count, ActivationWriter write, ScoredValue scored)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var tail = new NetworkTail(Call.Network, _pass, Input, Call.Run);
        return tail.Score(count, write.Invoke, Targets, scored);
    }

    /// <summary>
    /// Returns the weighted sum of the activation maps, Σ w_k A_k, h × w, with the weights as evidence.
    /// </summary>
    /// <param name="weights">One weight per channel; length K.</param>
    /// <exception cref="ArgumentException">The number of weights differs from the number of channels.</exception>
    public RawMap WeightedSum(float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        SaliencyMap sum = new(Activations.Width, Activations.Height, Activations.WeightedSum(weights));
        return new(sum) { ChannelWeights = weights };
    }
}
