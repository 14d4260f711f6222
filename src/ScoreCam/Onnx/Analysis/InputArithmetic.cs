using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Analysis;

/// <summary>The range of a picture's values.</summary>
internal enum PictureRange
{
    /// <summary>0…255.</summary>
    Bytes,

    /// <summary>0…1.</summary>
    Unit,

    /// <summary>−1…1.</summary>
    Signed,
}

/// <summary>
/// Preprocessing inside the network: scales and offsets by constants before its first layer. It shows the range that
/// the picture must have, and that the picture must not be normalised again.
/// </summary>
internal static class InputArithmetic
{
    private const int MostSteps = 12;

    /// <summary>
    /// The span of a picture's values after the arithmetic. Networks are trained on pictures with about this span.
    /// </summary>
    private const float LeastSpan = 0.5f, MostSpan = 12;

    /// <summary>The smallest offset that is recognised as the mean colour of a picture in bytes.</summary>
    private const float LeastByteOffset = 20;

    /// <summary>
    /// Returns the range that the picture must have; null if the network does no arithmetic before its first layer.
    /// </summary>
    public static PictureRange? Find(OnnxGraph graph, string input)
    {
        float scale = 1, offset = 0;
        bool found = false;
        string tensor = input;
        for (int step = 0; step < MostSteps && OnlyConsumer(graph, tensor) is { } node; step++)
        {
            if (node.OpType is "Sub" or "Add" or "Mul" or "Div")
            {
                int index = node.Input(0) == tensor ? 1 : 0;
                if (node.Inputs.Count != 2 || Constants.Floats(graph, node.Inputs[index]) is not { Count: > 0 } values)
                    break;
                float value = values.Average();
                if ((node.OpType == "Div" && (index == 0 || value == 0)) || (node.OpType == "Sub" && index == 0))
                    break;
                (scale, offset) = node.OpType switch
                {
                    "Sub" => (scale, offset - value),
                    "Add" => (scale, offset + value),
                    "Mul" => (scale * value, offset * value),
                    _ => (scale / value, offset / value),
                };
                found = true;
            }
            else if (!(Operators.IsShapeOnly(node) || Operators.IsConversion(node)))
            {
                break;
            }
            if (node.Output(0) is not { } output)
                break;
            tensor = output;
        }
        return found ? Range(Math.Abs(scale), Math.Abs(offset)) : null;
    }

    private static OnnxNode? OnlyConsumer(OnnxGraph graph, string tensor) =>
        graph.Consumers(tensor).Where(node => !Operators.ReadsShapeOnly(node)).ToArray() is [var only] ? only : null;

    private static PictureRange? Range(float scale, float offset)
    {
        if (255 * scale is >= LeastSpan and <= MostSpan)
            return PictureRange.Bytes;
        if (scale is < LeastSpan or > MostSpan)
            return null;
        return offset >= LeastByteOffset ? PictureRange.Bytes : PictureRange.Unit;
    }
}
