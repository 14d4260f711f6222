using System.Runtime.InteropServices;
using Google.Protobuf;
using ScoreCam.Tests.Support.Proto;

namespace ScoreCam.Tests.Support;

/// <summary>
/// Builds tiny ONNX models. Every operation reads the last tensor (or <c>from</c>), and its first argument names the
/// tensor that it computes.
/// Weights are drawn from a seeded generator, or given.
/// </summary>
internal sealed partial class TinyModel
{
    private readonly Random _random;
    private readonly Dictionary<string, int> _channels = [];

    public TinyModel(int opset = 13, int seed = 1, long irVersion = 8)
    {
        _random = new Random(seed);
        Model.IrVersion = irVersion;
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        Model.Graph = new GraphProto { Name = "tiny" };
    }

    /// <summary>The model as protobuf messages, for features that have no method here.</summary>
    public ModelProto Model { get; } = new();

    /// <summary>Name of the last tensor: the one that was added most recently.</summary>
    public string Last { get; private set; } = "";

    public byte[] ToBytes() => Model.ToByteArray();

    /// <summary>The bytes of the model with an ending. The model itself does not keep the ending.</summary>
    public byte[] ToBytes(Action<TinyModel> ending)
    {
        (ModelProto before, string last) = (Model.Clone(), Last);
        ending(this);
        byte[] bytes = ToBytes();
        (Model.Graph, Last) = (before.Graph, last);
        return bytes;
    }

    public TinyModel Import(string domain, int version = 1)
    {
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <summary>
    /// A float input; dimension −1 is free. Channels are read as NCHW, or NHWC where only the last dimension is 1 or
    /// 3.
    /// </summary>
    public TinyModel Input(string name, params int[] dims) => InputOf(name, DataType.Float, dims);

    public TinyModel InputOf(string name, int elementType, params int[] dims)
    {
        Model.Graph.Input.Add(Value(name, elementType, dims));
        if (dims.Length == 4)
            _channels[name] = dims[1] is not (1 or 3) && dims[3] is 1 or 3 ? dims[3] : dims[1];
        Last = name;
        return this;
    }

    /// <summary>
    /// Declares an output, by default the last tensor. Without dims it has no type: ONNX Runtime infers it.
    /// </summary>
    public TinyModel Output(string? name = null, params int[] dims) => OutputOf(name ?? Last, DataType.Float, dims);

    public TinyModel OutputOf(string name, int elementType, params int[] dims)
    {
        Model.Graph.Output.Add(dims.Length == 0 ? new ValueInfoProto { Name = name } : Value(name, elementType, dims));
        return this;
    }

    public TinyModel Initializer(string name, int[] dims, params float[] values) =>
        Tensor(name, DataType.Float, dims, MemoryMarshal.AsBytes(values.AsSpan()));

    public TinyModel Initializer(string name, int[] dims, params long[] values) =>
        Tensor(name, DataType.Int64, dims, MemoryMarshal.AsBytes(values.AsSpan()));

    public TinyModel Initializer(string name, int[] dims, params byte[] values) =>
        Tensor(name, DataType.UInt8, dims, values);

    /// <summary>An initializer of normally distributed values with this standard deviation.</summary>
    public TinyModel Weights(string name, double deviation, params int[] dims)
    {
        var values = new float[dims.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()))
                * Math.Cos(2 * Math.PI * _random.NextDouble()));
        return Initializer(name, dims, values);
    }

    /// <summary>Any operator with one output.</summary>
    public TinyModel Op(string opType, string name, string[] inputs, params AttributeProto[] attributes) =>
        Op("", opType, [name], inputs, attributes);

    /// <summary>Any operator. The first output becomes the last tensor.</summary>
    public TinyModel Op(string domain, string opType, string[] outputs, string[] inputs,
        params AttributeProto[] attributes)
    {
        var node = new NodeProto { Name = $"{opType}_{outputs[0]}", OpType = opType };
        if (domain.Length > 0)
            node.Domain = domain;
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes);
        Model.Graph.Node.Add(node);
        if (inputs.Length > 0 && _channels.TryGetValue(inputs[0], out int channels))
            _channels[outputs[0]] = channels;
        Last = outputs[0];
        return this;
    }

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    public static AttributeProto Attribute(string name, GraphProto graph) =>
        new() { Name = name, G = graph, Type = AttributeProto.Types.AttributeType.Graph };

    public TinyModel Tensor(string name, int type, int[] dims, ReadOnlySpan<byte> raw)
    {
        var tensor = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(raw) };
        tensor.Dims.Add(dims.Select(d => (long)d));
        Model.Graph.Initializer.Add(tensor);
        return this;
    }

    private static ValueInfoProto Value(string name, int elementType, int[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (int dim in dims)
            shape.Dim.Add(dim < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
                : new TensorShapeProto.Types.Dimension { DimValue = dim });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType =
            new TypeProto.Types.Tensor { ElemType = elementType, Shape = shape }
            }
        };
    }

    /// <summary>Numbers of ONNX's element types.</summary>
    internal static class DataType
    {
        public const int Float = 1, UInt8 = 2, Int8 = 3, Int32 = 6, Int64 = 7, String = 8, Bool = 9, Float16 = 10,
            Double = 11;
    }
}
