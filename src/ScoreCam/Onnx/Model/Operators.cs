namespace ScoreCam.Onnx.Model;

/// <summary>What operators do, as far as finding scores and layers needs it.</summary>
internal static class Operators
{
    /// <summary>Moves or relabels values, and computes nothing.</summary>
    public static bool IsShapeOnly(OnnxNode node) => node.OpType is
        "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Identity" or "Transpose" or "Dropout" or
        "Optional" or "OptionalGetElement";

    /// <summary>Changes how numbers are stored.</summary>
    public static bool IsConversion(OnnxNode node) =>
        node.OpType is "Cast" or "CastLike" or "QuantizeLinear" or "DequantizeLinear";

    /// <summary>From scores to a label: what comes out is no longer a score for every class.</summary>
    public static bool IsLabelling(OnnxNode node) =>
        node.OpType is "ArgMax" or "TopK" or "ZipMap" or "ArrayFeatureExtractor" or "LabelEncoder";

    /// <summary>Pools windows, or everything, as opposed to reducing over stated axes.</summary>
    public static bool IsPool(OnnxNode node) => node.OpType is
        "MaxPool" or "AveragePool" or "LpPool" or "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" or
        "NhwcMaxPool" or
        "QLinearAveragePool" or "QLinearGlobalAveragePool";

    public static bool IsReduction(OnnxNode node) => node.OpType is
        "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceL1" or "ReduceL2" or
        "ReduceLogSumExp" or "ReduceSumSquare" or "ReduceProd" or
        "ReduceLogSum" or "QLinearReduceMean";

    public static bool IsConvolution(OnnxNode node) => node.OpType is
        "Conv" or "ConvTranspose" or "QLinearConv" or "ConvInteger" or "FusedConv" or "NhwcConv" or
        "NhwcFusedConv" or "DeformConv" or "QLinearConvTranspose";

    /// <summary>ONNX Runtime's operators with the channels last.</summary>
    public static bool IsChannelsLast(OnnxNode node) =>
        node.OpType.StartsWith("Nhwc", StringComparison.Ordinal) || node.Int("channels_last", 0) == 1;

    /// <summary>Fully connected: two dimensions in, two out.</summary>
    public static bool IsGemm(OnnxNode node) => node.OpType is "Gemm" or "QGemm" or "FusedGemm";

    public static bool IsMatMul(OnnxNode node) => node.OpType is
        "MatMul" or "QLinearMatMul" or "MatMulInteger" or "FusedMatMul" or "MatMulNBits" or
        "DynamicQuantizeMatMul" or "MatMulIntegerToFloat" or "Einsum";

    /// <summary>
    /// May scale one data path by another (squeeze-and-excitation, SiLU): the features are the path that was there
    /// first.
    /// </summary>
    public static bool IsGate(OnnxNode node) => node.OpType is "Mul" or "Div" or "QLinearMul";

    /// <summary>
    /// Computes each value from the value at the same place, with constants or a second tensor of the same shape.
    /// </summary>
    public static bool IsElementwise(OnnxNode node) => node.OpType is
        "Relu" or "Clip" or "LeakyRelu" or "PRelu" or "Elu" or "Selu" or "Celu" or "ThresholdedRelu" or
        "Sigmoid" or "HardSigmoid" or "HardSwish" or "Swish" or "Mish" or
        "Tanh" or "Softplus" or "Softsign" or "Gelu" or "FastGelu" or "QuickGelu" or "BiasGelu" or "Erf" or
        "Exp" or "Log" or "Sqrt" or "Abs" or "Neg" or "Pow" or "Reciprocal" or
        "Add" or "Sub" or "Mul" or "Div" or "Sum" or "Mean" or "Max" or "Min" or "Where" or
        "BatchNormalization" or "InstanceNormalization" or "LRN" or
        "LayerNormalization" or "GroupNormalization" or "LpNormalization" or "QLinearAdd" or "QLinearMul" or
        "QLinearLeakyRelu" or "QLinearSigmoid";

    /// <summary>The weights of a convolution or a product, by their place among the inputs.</summary>
    public static string? Weights(OnnxNode node) =>
        node.Input(node.OpType is "QLinearConv" or "QLinearMatMul" or "QGemm" ? 3 : 1);

    /// <summary>Only sizes go through, not values.</summary>
    public static bool ReadsShapeOnly(OnnxNode node) => node.OpType is "Shape" or "Size";

    /// <summary>An integer tensor comes out with the scale it went in with.</summary>
    public static bool KeepsQuantization(OnnxNode node) => IsShapeOnly(node) || node.OpType is
        "MaxPool" or "NhwcMaxPool" or "Slice" or "Gather" or "Pad" or "Split" or "DepthToSpace" or
        "SpaceToDepth" or "Expand" or "Tile";
}
