namespace ScoreCam.Onnx.Model;

/// <summary>Classifies operators, as far as it is needed to find scores and layers.</summary>
internal static class Operators
{
    /// <summary>Whether the operator only moves or relabels values, without computing anything.</summary>
    public static bool IsShapeOnly(OnnxNode node) => node.OpType is
        "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Identity" or "Transpose" or "Dropout" or
        "Optional" or "OptionalGetElement";

    /// <summary>Whether the operator only changes how numbers are stored.</summary>
    public static bool IsConversion(OnnxNode node) =>
        node.OpType is "Cast" or "CastLike" or "QuantizeLinear" or "DequantizeLinear";

    /// <summary>
    /// Whether the operator converts scores to a label, so that its output is no longer one score per class.
    /// </summary>
    public static bool IsLabelling(OnnxNode node) =>
        node.OpType is "ArgMax" or "TopK" or "ZipMap" or "ArrayFeatureExtractor" or "LabelEncoder";

    /// <summary>Whether the operator pools windows or whole maps, as opposed to a reduction over given axes.</summary>
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

    /// <summary>Whether the operator is an ONNX Runtime operator with the channels last.</summary>
    public static bool IsChannelsLast(OnnxNode node) =>
        node.OpType.StartsWith("Nhwc", StringComparison.Ordinal) || node.Int("channels_last", 0) == 1;

    /// <summary>Whether the operator is fully connected, with two dimensions for both input and output.</summary>
    public static bool IsGemm(OnnxNode node) => node.OpType is "Gemm" or "QGemm" or "FusedGemm";

    public static bool IsMatMul(OnnxNode node) => node.OpType is
        "MatMul" or "QLinearMatMul" or "MatMulInteger" or "FusedMatMul" or "MatMulNBits" or
        "DynamicQuantizeMatMul" or "MatMulIntegerToFloat" or "Einsum";

    /// <summary>
    /// Whether the operator can scale one data path by another (squeeze-and-excitation, SiLU). The features are the
    /// path that existed first.
    /// </summary>
    public static bool IsGate(OnnxNode node) => node.OpType is "Mul" or "Div" or "QLinearMul";

    /// <summary>
    /// Whether the operator computes each value from the value at the same position, with constants or a second tensor
    /// of the same shape.
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

    /// <summary>Returns the weights of a convolution or a product, by their position among the inputs.</summary>
    public static string? Weights(OnnxNode node) =>
        node.Input(node.OpType is "QLinearConv" or "QLinearMatMul" or "QGemm" ? 3 : 1);

    /// <summary>Whether the operator reads only sizes, not values.</summary>
    public static bool ReadsShapeOnly(OnnxNode node) => node.OpType is "Shape" or "Size";

    /// <summary>Whether an integer tensor keeps its scale through the operator.</summary>
    public static bool KeepsQuantization(OnnxNode node) => IsShapeOnly(node) || node.OpType is
        "MaxPool" or "NhwcMaxPool" or "Slice" or "Gather" or "Pad" or "Split" or "DepthToSpace" or
        "SpaceToDepth" or "Expand" or "Tile";
}
