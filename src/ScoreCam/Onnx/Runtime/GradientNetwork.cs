using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Runtime;

/// <summary>Opens sessions that compute gradients of a network's logits. Thread-safe.</summary>
/// <param name="graph">The network.</param>
/// <param name="logits">The tensor of logits.</param>
/// <param name="input">The network's input.</param>
/// <param name="factory">Opens sessions.</param>
internal sealed class GradientNetwork(OnnxGraph graph, string logits, ImageInput input, SessionFactory factory)
{
    /// <summary>Opens a session for pictures of one size.</summary>
    /// <param name="tensors">The tensors whose gradients are requested: layers, or the network's input.</param>
    /// <param name="isGuided">Whether to use guided backpropagation.</param>
    /// <param name="height">The number of rows of the pictures.</param>
    /// <param name="width">The number of columns of the pictures.</param>
    /// <param name="withBiases">Whether to compute the products of biases and their gradients as well.</param>
    /// <exception cref="UnsupportedModelException">
    /// An operator on the path has no gradient. The message names all such operators.
    /// </exception>
    public GradientSession Open(
        IReadOnlyList<string> tensors, bool isGuided, int height, int width, bool withBiases = false)
    {
        var request = new GradientRequest
        {
            Logits = logits,
            Tensors = tensors,
            IsGuided = isGuided,
            WithBiases = withBiases,
            Batch = input.Batch,
        };
        return Open(graph, input.Name, batch => input.Shape(batch, height, width), request);
    }

    /// <summary>
    /// Opens a session for the gradient with respect to a layer. It takes the activations of the layer as its pictures,
    /// and it computes only the part of the network after the layer.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="shape">The shape of its activations, beginning with the batch.</param>
    /// <exception cref="UnsupportedModelException">
    /// The logits depend on the picture through a path that bypasses the layer, or an operator has no gradient.
    /// </exception>
    public GradientSession OpenTail(string layer, IReadOnlyList<long> shape)
    {
        long[] dims = [input.Batch ?? -1, .. shape.Skip(1)];
        var value = new OnnxValue { Name = layer, ElementType = ElementType.Float, Dims = dims };
        EditableModel tail = ModelSlice.After(graph, layer, value, [], [], logits);
        tail.AddOutput(logits);
        OnnxGraph rest = OnnxGraph.Read(tail.ToBytes());
        var request = new GradientRequest { Logits = logits, Tensors = [layer], Batch = input.Batch };
        return Open(rest, layer, batch => [batch, .. dims[1..]], request);
    }

    private GradientSession Open(OnnxGraph network, string from, Func<int, long[]> shape, GradientRequest request)
    {
        GradientModel model = Differentiator.Build(network, request, new TensorProbe(factory, shape).Run);
        return new GradientSession(factory.Open(model.Bytes), model, request, from, shape);
    }
}
