using Google.Protobuf;
using ScoreCam.Tests.Support.Proto;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>Random models that compute nothing useful and use every field that the reader knows.</summary>
internal static class RandomModel
{
    public static ModelProto Build(int seed)
    {
        var random = new Random(seed);
        int made = 0;
        var model = new ModelProto
        {
            IrVersion = random.Next(1, 12),
            Graph = new GraphProto { Name = Name(), DocString = Name() }
        };
        foreach (string domain in new[] { "", "com.microsoft", "ai.onnx.ml" }.Take(random.Next(1, 4)))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = random.Next(1, 22) });
        for (int i = random.Next(3); i > 0; i--)
            model.MetadataProps.Add(new StringStringEntryProto { Key = $"key {i}", Value = Name() });
        for (int i = random.Next(1, 6); i > 0; i--)
            model.Graph.Node.Add(Node());
        for (int i = random.Next(4); i > 0; i--)
            model.Graph.Initializer.Add(Tensor($"w{i}"));
        if (random.Next(4) == 0)
            model.Graph.SparseInitializer.Add(
                new SparseTensorProto
                {
                    Values = Tensor("sparse"),
                    Indices = Tensor("at"),
                    Dims = { 3, random.Next(9) }
                });
        for (int i = random.Next(3); i > 0; i--)
        {
            model.Graph.Input.Add(Value($"{(random.Next(3) == 0 ? "w" : "in")}{i}"));
            model.Graph.Output.Add(Value(Name()));
            model.Graph.ValueInfo.Add(Value(Name()));
        }
        return model;

        string Name() => random.Next(6) switch
        {
            0 => "",
            1 => "größe/层:0",
            _ =>
            new string([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(' ', '~'))])
        };

        long Integer() => random.Next(4) switch
        {
            0 => random.NextInt64(long.MinValue, long.MaxValue),
            1 =>
            -random.Next(5),
            _ => random.Next(300)
        };

        NodeProto Node()
        {
            var node = new NodeProto { OpType = "Op" + Name(), Name = Name() };
            if (random.Next(3) == 0)
                node.Domain = random.Next(2) == 0 ? "ai.onnx" : "com.microsoft";
            for (int i = random.Next(4); i > 0; i--)
                node.Input.Add(Name());
            for (int i = random.Next(3); i > 0; i--)
                node.Output.Add($"{Name()}#{++made}");
            for (int i = random.Next(4); i > 0; i--)
                node.Attribute.Add(random.Next(8) switch
                {
                    0 => Attribute(Name(), Integer()),
                    1 => Attribute(Name(), random.NextSingle() - 0.5f),
                    2 => Attribute(Name(), Name()),
                    3 => Attribute(Name(), [.. Enumerable.Range(0, random.Next(5)).Select(_ => Integer())]),
                    4 => new AttributeProto { Name = Name(), Floats = { random.NextSingle(), random.NextSingle() } },
                    5 => new AttributeProto { Name = Name(), T = Tensor(Name()) },
                    6 => new AttributeProto { Name = Name(), Strings = { ByteString.CopyFromUtf8(Name()) } },
                    _ => Attribute(Name(), Build(random.Next()).Graph),
                });
            return node;
        }

        TensorProto Tensor(string name)
        {
            int count = random.Next(5);
            int type = random.Next(3) switch { 0 => DataType.Int64, 1 => DataType.Int32, _ => DataType.Float };
            var tensor = new TensorProto { Name = name, DataType = type, Dims = { count } };
            if (random.Next(2) == 0)
                tensor.RawData = ByteString.CopyFrom(
                    [.. Enumerable.Range(0, count * (type == DataType.Int64 ? 8 : 4))
                    .Select(_ => (byte)random.Next(256))]);
            else if (type == DataType.Int64)
                tensor.Int64Data.Add(Enumerable.Range(0, count).Select(_ => Integer()));
            else if (type == DataType.Int32)
                tensor.Int32Data.Add(Enumerable.Range(0, count).Select(_ => (int)Integer()));
            else
                tensor.FloatData.Add(Enumerable.Range(0, count).Select(_ => random.NextSingle()));
            return tensor;
        }

        ValueInfoProto Value(string name)
        {
            var value = new ValueInfoProto { Name = name };
            int kind = random.Next(6);
            if (kind == 0)
                return value;
            value.Type = new TypeProto();
            if (kind == 1)
                value.Type.SequenceType =
                    new TypeProto.Types.Sequence
                    {
                        ElemType =
                    new TypeProto { MapType = new TypeProto.Types.Map { KeyType = 7 } }
                    };
            else
                value.Type.TensorType = new TypeProto.Types.Tensor { ElemType = random.Next(1, 17) };
            if (kind > 2)
                value.Type.TensorType!.Shape = new TensorShapeProto();
            for (int i = random.Next(5); kind > 2 && i > 0; i--)
                value.Type.TensorType!.Shape.Dim.Add(random.Next(3) switch
                {
                    0 => new TensorShapeProto.Types.Dimension { DimParam = "N" },
                    1 => new TensorShapeProto.Types.Dimension(),
                    _ => new TensorShapeProto.Types.Dimension { DimValue = random.Next(300) },
                });
            return value;
        }
    }
}
