namespace ScoreCam.Tests.Support;

internal sealed partial class TinyModel
{
    /// <summary>Convolution with "same" padding; weights are <c>NAME.weight</c> and <c>NAME.bias</c>.</summary>
    public TinyModel Conv(string name, int channels, int kernel = 3, int stride = 1, string? from = null, int group = 1)
    {
        from ??= Last;
        Weights($"{name}.weight", Math.Sqrt(2.0 * group / (_channels[from] * kernel * kernel)), channels,
            _channels[from] / group, kernel, kernel);
        Weights($"{name}.bias", 0.1, channels);
        long pad = kernel / 2;
        Op("Conv", name, [from, $"{name}.weight", $"{name}.bias"],
            Attribute("kernel_shape", [kernel, kernel]), Attribute("pads", [pad, pad, pad, pad]),
                Attribute("strides", [stride, stride]), Attribute("group", group));
        _channels[name] = channels;
        return this;
    }

    /// <summary>
    /// Fully connected, on a flattened tensor of <paramref name="inputs"/> features (by default as many as channels:
    /// after global pooling).
    /// </summary>
    public TinyModel Gemm(string name, int outputs, int? inputs = null, string? from = null)
    {
        from ??= Last;
        int features = inputs ?? _channels[from];
        Weights($"{name}.weight", Math.Sqrt(1.0 / features), outputs, features);
        Weights($"{name}.bias", 0.1, outputs);
        Op("Gemm", name, [from, $"{name}.weight", $"{name}.bias"], Attribute("transB", 1));
        _channels[name] = outputs;
        return this;
    }

    /// <summary>
    /// MatMul and the Add of its bias, which is the tensor named <paramref name="name"/>; the product is
    /// <c>NAME.product</c>.
    /// </summary>
    public TinyModel MatMul(string name, int outputs, int? inputs = null, string? from = null)
    {
        from ??= Last;
        int features = inputs ?? _channels[from];
        Weights($"{name}.weight", Math.Sqrt(1.0 / features), features, outputs);
        Weights($"{name}.bias", 0.1, outputs);
        Op("MatMul", $"{name}.product", [from, $"{name}.weight"]).Op("Add", name, [$"{name}.product", $"{name}.bias"]);
        _channels[name] = outputs;
        return this;
    }

    /// <summary>
    /// An operator of one tensor without attributes: Relu, Sigmoid, HardSwish, GlobalAveragePool, Identity, Neg, …
    /// </summary>
    public TinyModel Unary(string opType, string name, string? from = null) => Op(opType, name, [from ?? Last]);

    public TinyModel Relu(string name, string? from = null) => Unary("Relu", name, from);

    public TinyModel Sigmoid(string name, string? from = null) => Unary("Sigmoid", name, from);

    public TinyModel GlobalAveragePool(string name, string? from = null) => Unary("GlobalAveragePool", name, from);

    public TinyModel Flatten(string name, string? from = null) => Unary("Flatten", name, from);

    public TinyModel Softmax(string name, int axis = 1, string? from = null) =>
        Op("Softmax", name, [from ?? Last], Attribute("axis", axis));

    public TinyModel LogSoftmax(string name, int axis = 1, string? from = null) =>
        Op("LogSoftmax", name, [from ?? Last], Attribute("axis", axis));

    public TinyModel MaxPool(string name, int kernel = 2, string? from = null) => Pool("MaxPool", name, kernel, from);

    public TinyModel AveragePool(string name, int kernel = 2, string? from = null) =>
        Pool("AveragePool", name, kernel, from);

    public TinyModel Add(string name, string left, string right) => Op("Add", name, [left, right]);

    public TinyModel Mul(string name, string left, string right) => Op("Mul", name, [left, right]);

    public TinyModel Concat(string name, int axis, params string[] parts)
    {
        Op("Concat", name, parts, Attribute("axis", axis));
        _channels[name] = parts.Sum(p => _channels[p]);
        return this;
    }

    public TinyModel Transpose(string name, params long[] perm) =>
        Op("Transpose", name, [Last], Attribute("perm", perm));

    public TinyModel Reshape(string name, params long[] shape) =>
        Initializer($"{name}.shape", [shape.Length], shape).Op("Reshape", name, [Last, $"{name}.shape"]);

    public TinyModel Cast(string name, int to, string? from = null) =>
        Op("Cast", name, [from ?? Last], Attribute("to", to));

    /// <summary>QuantizeLinear to uint8; scale and zero point are <c>NAME.scale</c> and <c>NAME.zero</c>.</summary>
    public TinyModel Quantize(string name, float scale, byte zeroPoint, string? from = null)
    {
        from ??= Last;
        return Initializer($"{name}.scale", [], scale).Initializer($"{name}.zero", [], zeroPoint)
            .Op("QuantizeLinear", name, [from, $"{name}.scale", $"{name}.zero"]);
    }

    /// <summary>DequantizeLinear of a tensor from <see cref="Quantize"/>.</summary>
    public TinyModel Dequantize(string name, string? from = null)
    {
        from ??= Last;
        return Op("DequantizeLinear", name, [from, $"{from}.scale", $"{from}.zero"]);
    }

    private TinyModel Pool(string opType, string name, int kernel, string? from) =>
        Op(opType, name, [from ?? Last], Attribute("kernel_shape", [kernel, kernel]),
            Attribute("strides", [kernel, kernel]));
}
