using System.Numerics.Tensors;
using ScoreCam.Execution;

namespace ScoreCam.Methods;

/// <summary>Writes a changed picture. Called from several threads, for different indices.</summary>
/// <param name="index">Which of the pictures.</param>
/// <param name="picture">
/// The picture to write, channels × height × width, row-major. What it holds at first is not defined.
/// </param>
public delegate void PictureWriter(int index, Span<float> picture);

/// <summary>
/// Takes the gradient of a target at a picture. Called in order of pictures and targets, one call at a time.
/// </summary>
/// <param name="index">Which of the pictures.</param>
/// <param name="target">Which of the targets.</param>
/// <param name="score">Score of the target on the picture: a logit, or what the target makes of the logits.</param>
/// <param name="gradient">The derivative of the score by the picture, channels × height × width.</param>
public delegate void GradientReader(int index, int target, float score, ReadOnlySpan<float> gradient);

/// <summary>What a method of gradients by the picture is given: also these gradients.</summary>
public sealed class InputContext : MethodContext
{
    internal InputContext(MethodContext context)
        : base(context.Call, context.View, context.SweepsLeft)
    {
    }

    /// <summary>The gradients dS/dX of each target's score by the prepared picture: one row per target.</summary>
    /// <param name="isGuided">Guided backpropagation: Relu stops negative gradients too.</param>
    /// <returns>For each target, channels × height × width values.</returns>
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
    /// The gradients dS/dX of each target's score at changed pictures. They are computed in batches on all workers, and
    /// read in order, so that sums do not depend on the number of workers.
    /// </summary>
    /// <param name="count">Number of pictures.</param>
    /// <param name="write">Writes one of them.</param>
    /// <param name="read">Takes the gradient of one target at one picture.</param>
    /// <param name="isGuided">Guided backpropagation: Relu stops negative gradients too.</param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">
    /// An operator of the network has no gradient; the message names it and methods that need none.
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

    /// <summary>The gradients of each target by the picture and by all biases of the network.</summary>
    /// <param name="read">Takes those of one target, in order.</param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">
    /// An operator of the network has no gradient, or the network has no biases.
    /// </exception>
    internal void GradientsWithBiases(Action<int, BiasedGradient> read) =>
        new Gradients(Call.Network, Targets, Call.Run).WithBiases(Input, Call.Values, read);

    /// <summary>A map with the largest magnitude over the colour channels at each pixel.</summary>
    /// <param name="values">Channels × height × width.</param>
    public SaliencyMap LargestOverColors(ReadOnlySpan<float> values)
    {
        var map = new float[Height * Width];
        for (int start = 0; start < values.Length; start += map.Length)
            TensorPrimitives.MaxMagnitude(map, values.Slice(start, map.Length), map);
        TensorPrimitives.Abs(map, map);
        return new SaliencyMap(Width, Height, map);
    }

    /// <summary>A map with the sum over the colour channels at each pixel.</summary>
    /// <param name="values">Channels × height × width.</param>
    public SaliencyMap SumOverColors(ReadOnlySpan<float> values)
    {
        var map = new float[Height * Width];
        for (int start = 0; start < values.Length; start += map.Length)
            TensorPrimitives.Add(map, values.Slice(start, map.Length), map);
        return new SaliencyMap(Width, Height, map);
    }
}
