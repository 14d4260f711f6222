namespace ScoreCam.Onnx.Wire;

/// <summary>Element types of tensors, with the numbers that ONNX gives them.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}

/// <summary>The kinds of an attribute's value, with the numbers that ONNX gives them.</summary>
internal enum AttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Floats = 6,
    Ints = 7,
}

/// <summary>Field numbers of the messages in onnx.proto that the library reads or writes.</summary>
internal static class Schema
{
    /// <summary>The value of <see cref="Tensor.DataLocation"/> for values in another file.</summary>
    public const long External = 1;

    public static class Model
    {
        public const int IrVersion = 1, Graph = 7, OpsetImport = 8, Metadata = 14, Training = 20, Function = 25;
    }

    public static class Opset
    {
        public const int Domain = 1, Version = 2;
    }

    public static class Entry
    {
        public const int Key = 1, Value = 2;
    }

    public static class Training
    {
        public const int Initialization = 1, Algorithm = 2;
    }

    public static class Function
    {
        public const int Name = 1, Input = 4, Output = 5, Node = 7, OpsetImport = 9, Domain = 10, Attribute = 11;
        public const int Overload = 13;
    }

    public static class Graph
    {
        public const int Node = 1, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13, SparseInitializer = 15;
    }

    public static class Node
    {
        public const int Input = 1, Output = 2, Name = 3, OpType = 4, Attribute = 5, Domain = 7, Overload = 8;
    }

    public static class Attribute
    {
        public const int Name = 1, Float = 2, Int = 3, String = 4, Tensor = 5, Graph = 6, Floats = 7, Ints = 8;
        public const int Strings = 9, Tensors = 10, Graphs = 11, Kind = 20, Reference = 21, SparseTensor = 22;
        public const int SparseTensors = 23;
    }

    public static class Tensor
    {
        public const int Dims = 1, ElementType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, Name = 8, RawData = 9;
        public const int ExternalData = 13, DataLocation = 14;
    }

    public static class SparseTensor
    {
        public const int Values = 1, Indices = 2, Dims = 3;
    }

    public static class Value
    {
        public const int Name = 1, Type = 2;
    }

    /// <summary>TypeProto. Exactly one of these fields is present and specifies the type.</summary>
    public static class Type
    {
        public const int Tensor = 1, Sequence = 4, Map = 5, Opaque = 7, SparseTensor = 8, Optional = 9;
    }

    public static class TensorType
    {
        public const int ElementType = 1, Shape = 2;
    }

    public static class Shape
    {
        public const int Dimension = 1;
    }

    public static class Dimension
    {
        public const int Size = 1, Symbol = 2;
    }

    /// <summary>
    /// Returns the number of bytes per value; null if a value is not a whole number of bytes, or if the type is
    /// unknown.
    /// </summary>
    public static int? BytesPerValue(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Int64 or ElementType.Double or ElementType.UInt64 => 8,
        _ => null,
    };
}
