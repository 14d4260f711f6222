using System.Numerics.Tensors;
using ScoreCam.Execution;

namespace ScoreCam.Methods;

/// <summary>Writes a changed picture. Called from several threads, for different indices.</summary>
/// <param name="index">The index of the picture.</param>
/// <param name="picture">
/// The picture to write, channels × height × width, row-major. Its initial contents are undefined.
/// </param>
public delegate void PictureWriter(int index, Span<float> picture);

/// <summary>
/// Receives the gradient of a target at a picture. Called in the order of pictures and targets, one call at a time.
/// </summary>
/// <param name="index">The index of the picture.</param>
/// <param name="target">The index of the target.</param>
/// <param name="score">The target's score on the picture: a logit, or the target's function of the logits.</param>
/// <param name="gradient">The derivative of the score with respect to the picture, channels × height × width.</param>
public delegate void GradientReader(int index, int target, float score, ReadOnlySpan<float> gradient);

/// <summary>
/// The context of a method that reads gradients with respect to the picture. It adds these gradients.
/// </summary>
public sealed class InputContext : MethodContext
{
    internal InputContext(MethodContext context)
        : base(context.Call, context.View, context.SweepsLeft)
    {
    }

    /// <summary>Computes the gradients dS/dX of each target's score with respect to the prepared picture.</summary>
    /// <param name="isGuided">
    /// Whether to use guided backpropagation, in which every Relu also stops negative gradients.
    /// </param>
    /// <returns>One array per target, each with channels × height × width values.</returns>
    /// <inheritdoc cref="Gradients(int, PictureWriter, GradientReader, bool)"/>
    public float[][] Gradients(bool isGuided = false)
    {
        var gradients = new float[Targets.Count][];
        Gradients(
            1,
            (_, picture) => Image.Tensor.CopyTo(picture),
            (_, target, _, gradient) => gradients[target] = gradient.ToArray(),
            isGuided);
        return gradients;
    }

    /// <summary>
    /// Computes the gradients dS/dX of each target's score at changed pictures. They are computed in batches on all
    /// workers. They are read in order, so that sums do not depend on the number of workers.
    /// </summary>
    /// <param name="count">The number of pictures.</param>
    /// <param name="write">Writes one picture.</param>
    /// <param name="read">Receives the gradient of one target at one picture.</param>
    /// <param name="isGuided">
    /// Whether to use guided backpropagation, in which every Relu also stops negative gradients.
    /// </param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">
    /// An operator of the network has no gradient. The message names it and lists methods that do not need gradients.
    /// </exception>
    /// <exception cref="ScoreCamException">The network failed.</exception>
    public void Gradients(int count, PictureWriter write, GradientReader read, bool isGuided = false)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        new Gradients(Call.Network, Targets, Call.Run).OfPictures(
            Input,
            Call.Values,
            count,
            isGuided,
            write.Invoke,
            (index, target, score, gradient) => read(index, target, score, gradient));
    }

    /// <summary>
    /// Computes the gradients of each target with respect to the picture and all biases of the network.
    /// </summary>
    /// <param name="read">Receives the gradients of one target. Called in the order of the targets.</param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">
    /// An operator of the network has no gradient, or the network has no biases.
    /// </exception>
    internal void GradientsWithBiases(Action<int, BiasedGradient> read) =>
        new Gradients(Call.Network, Targets, Call.Run).WithBiases(Input, Call.Values, read);

    /// <summary>Returns a map with the largest magnitude over the colour channels at each pixel.</summary>
    /// <param name="values">The values, channels × height × width.</param>
    public SaliencyMap LargestOverColors(ReadOnlySpan<float> values)
    {
        var map = new float[Height * Width];
        for (int start = 0; start < values.Length; start += map.Length)
            TensorPrimitives.MaxMagnitude(map, values.Slice(start, map.Length), map);
        TensorPrimitives.Abs(map, map);
        return new SaliencyMap(Width, Height, map);
    }

    /// <summary>Returns a map with the sum over the colour channels at each pixel.</summary>
    /// <param name="values">The values, channels × height × width.</param>
    public SaliencyMap SumOverColors(ReadOnlySpan<float> values)
    {
        var map = new float[Height * Width];
        for (int start = 0; start < values.Length; start += map.Length)
            TensorPrimitives.Add(map, values.Slice(start, map.Length), map);
        return new SaliencyMap(Width, Height, map);
    }
}
