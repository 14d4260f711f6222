using ScoreCam.IO;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>Finds the image input and its channel dimension.</summary>
internal static class InputLayout
{
    /// <summary>
    /// Returns the only input that can be an image: it has four dimensions, and the second or the last dimension is 1,
    /// 3 or free.
    /// </summary>
    /// <exception cref="UnsupportedModelException">There is no such input, or there are several.</exception>
    public static OnnxValue FindImage(OnnxGraph graph)
    {
        List<OnnxValue> images = [.. graph.Inputs.Where(CanBeImage)];
        if (images.Count > 1 && images.FindAll(StatesChannels) is [{ } only])
            return only;
        string inputs = graph.Inputs.Count == 0
            ? "It declares no inputs."
            : $"Inputs: {string.Join("; ", graph.Inputs)}.";
        return images switch
        {
            [{ } image] => image,
            [] => throw new UnsupportedModelException(
                "The model has no image input. One with four dimensions and 1 or 3 channels was expected. " + inputs),
            _ => throw new UnsupportedModelException(
                $"The model has {images.Count} image inputs, and only networks that classify one image can be "
                + $"explained. {inputs}"),
        };
    }

    /// <summary>
    /// Returns the layout of an input. The first convolution or transpose determines it, or else the dimension that is
    /// 1 or 3.
    /// </summary>
    /// <exception cref="UnsupportedModelException">Neither determines the layout.</exception>
    public static TensorLayout Find(OnnxGraph graph, string input)
    {
        OnnxValue value = Input(graph, input);
        return FromConsumers(graph, input, out _) ?? FromDims(value)
            ?? throw new UnsupportedModelException(
                $"Neither the shape of {value} nor the network tells where its channels are; "
                + $"set {nameof(ModelOptions)}.{nameof(ModelOptions.Layout)}.");
    }

    /// <summary>
    /// Returns the number of colour channels of an input: the declared number, or else the number that the first
    /// convolution takes. Null if neither is known.
    /// </summary>
    public static int? Channels(OnnxGraph graph, string input, TensorLayout layout)
    {
        int axis = layout == TensorLayout.Nchw ? 1 : 3;
        if (Input(graph, input).Dims is { Count: 4 } dims && dims[axis] is > 0 and <= int.MaxValue and var declared)
            return (int)declared;
        FromConsumers(graph, input, out OnnxNode? convolution);
        if (convolution is null || Constants.Shape(graph, Operators.Weights(convolution)) is not { Count: 4 } weights)
            return null;
        return weights[1] * convolution.Int("group", 1) is > 0 and <= int.MaxValue and var taken ? (int)taken : null;
    }

    private static OnnxValue Input(OnnxGraph graph, string name) =>
        graph.Inputs.FirstOrDefault(v => v.Name == name)
        ?? throw new UnsupportedModelException(
            $"The model has no input '{name}'{Suggestion.DidYouMean(name, graph.Inputs.Select(v => v.Name)) ?? "."}");

    private static bool CanBeImage(OnnxValue value) =>
        value.IsTensor && value.Dims is null or [_, -1 or 1 or 3, _, _] or [_, _, _, -1 or 1 or 3];

    private static bool StatesChannels(OnnxValue value) => value.Dims is [_, 1 or 3, _, _] or [_, _, _, 1 or 3];

    private static TensorLayout? FromDims(OnnxValue value) => value.Dims switch
    {
        [_, 1 or 3, _, 1 or 3] => null,
        [_, 1 or 3, _, _] => TensorLayout.Nchw,
        [_, _, _, 1 or 3] => TensorLayout.Nhwc,
        _ => null,
    };

    /// <summary>
    /// Follows the input through nodes that keep its layout, nearest first, to a node that requires a layout.
    /// </summary>
    private static TensorLayout? FromConsumers(OnnxGraph graph, string input, out OnnxNode? convolution)
    {
        convolution = null;
        TensorLayout? layout = null;
        HashSet<OnnxNode> seen = [];
        var open = new Queue<string>([input]);
        while (open.TryDequeue(out string? tensor))
        {
            foreach (OnnxNode node in graph.Consumers(tensor))
            {
                if (!seen.Add(node))
                    continue;
                if (Operators.IsConvolution(node) || Operators.IsPool(node))
                {
                    convolution = Operators.IsConvolution(node) ? node : null;
                    return layout ?? (Operators.IsChannelsLast(node) ? TensorLayout.Nhwc : TensorLayout.Nchw);
                }
                if (node.OpType == "Transpose")
                    layout ??= node.Attribute("perm")?.Ints switch
                    {
                        [0, 3, 1, 2] => TensorLayout.Nhwc,
                        [0, 2, 3, 1] => TensorLayout.Nchw,
                        _ => null,
                    };
                else if (!KeepsLayout(node))
                    continue;
                foreach (string output in node.Outputs)
                    open.Enqueue(output);
            }
        }
        return layout;
    }

    private static bool KeepsLayout(OnnxNode node) =>
        Operators.IsElementwise(node) || Operators.IsConversion(node)
        || node.OpType is "Identity" or "Pad" or "Resize" or "Slice" or "Gather" or "Split" or "Concat";
}
