using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Editing.Differentiation.Rules;

/// <summary>
/// Formulas for maps in the blocked layout that ONNX Runtime uses after convolutions. Operators such as Where and Sub
/// do not support this layout, so ONNX Runtime would convert the tensors for each of them. A depthwise 1×1 convolution,
/// which computes slope · x + offset, supports the layout, and so do Clip, Sigmoid, Add and Mul after it.
/// </summary>
internal static class Blocked
{
    /// <summary>2¹²⁷, so that the smallest normal value gives a full step.</summary>
    private const float Steepest = 1.7014118e38f;

    /// <summary>
    /// 2¹⁰⁰. A product with a power of two is exact, so the difference of two values is rounded only once.
    /// </summary>
    private const float Steep = 1.2676506e30f;

    /// <summary>1 where x &gt; 0, else 0, for non-negative x.</summary>
    public static Term Positive(Term x, long channels) => Clip(Line(x, channels, Steepest, 0), 0, 1);

    /// <summary>1 where x &lt; bound, else 0, for x that never exceeds the bound.</summary>
    public static Term Below(Term x, long channels, float bound) =>
        Clip(Line(x, channels, -Steep, Steep * bound), 0, 1);

    /// <summary>slope · x + offset.</summary>
    public static Term Line(Term x, long channels, float slope, float offset)
    {
        Term[] inputs = [x, x.Graph.Filled(slope, channels, 1, 1, 1), x.Graph.Filled(offset, channels)];
        return x.Graph.Emit("Conv", inputs, OnnxAttribute.Of("group", channels));
    }

    public static Term Clip(Term x, float lo, float hi) =>
        x.Graph.Emit("Clip", [x, x.Graph.Constant(lo), x.Graph.Constant(hi)]);
}
