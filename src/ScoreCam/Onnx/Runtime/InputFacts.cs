using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Runtime;

/// <summary>Reads the declaration of the network's image input.</summary>
internal static class InputFacts
{
    /// <summary>The largest number of input values per run: 1 GiB of float32.</summary>
    private const int MostValues = 1 << 28;

    /// <exception cref="UnsupportedModelException">
    /// There is no single image input, or its type is not supported.
    /// </exception>
    public static ImageInput Find(OnnxGraph graph, TensorLayout? given)
    {
        OnnxValue value = InputLayout.FindImage(graph);
        if (graph.Inputs.Count > 1)
            throw new UnsupportedModelException(
                $"The model has several inputs: {string.Join("; ", graph.Inputs)}. "
                + "Only networks with one input, the image, can be explained.");
        TensorLayout layout = given ?? InputLayout.Find(graph, value.Name);
        IReadOnlyList<long> dims = value.Dims ?? [-1, -1, -1, -1];
        (int height, int width) = layout == TensorLayout.Nchw ? (2, 3) : (1, 2);
        int channels = InputLayout.Channels(graph, value.Name, layout) ?? 3;
        if (channels is not (1 or 3))
            throw new UnsupportedModelException(
                $"The input {value} has {channels} channels in the layout {layout}; 1 (grey) or 3 (colour) were "
                + "expected. If the layout is wrong, give ModelOptions.Layout.");
        double pixels = (double)(Size(dims[height]) ?? 1) * (Size(dims[width]) ?? 1);
        if (channels * pixels * (Size(dims[0]) ?? 1) > MostValues)
            throw new UnsupportedModelException(
                $"The input {value} has more than {MostValues} values; no picture is as large.");
        return new()
        {
            Name = value.Name,
            ElementType = value.ElementType switch
            {
                ElementType.Float => TensorElementType.Float,
                ElementType.UInt8 => TensorElementType.UInt8,
                ElementType.Float16 => TensorElementType.Float16,
                _ => throw new UnsupportedModelException(
                    $"The input {value} has the element type {value.ElementType}; "
                    + "float32, float16 or uint8 were expected."),
            },
            Layout = layout,
            Channels = channels,
            Height = Size(dims[height]),
            Width = Size(dims[width]),
            Batch = Size(dims[0]),
        };

        int? Size(long size) => size <= 0 ? null : size <= int.MaxValue ? (int)size
            : throw new UnsupportedModelException($"The input {value} has a side of {size}, which is too large.");
    }
}
