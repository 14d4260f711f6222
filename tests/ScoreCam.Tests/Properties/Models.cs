using CsCheck;
using Google.Protobuf;
using ScoreCam.Tests.Support.Proto;
using Dimension = ScoreCam.Tests.Support.Proto.TensorShapeProto.Types.Dimension;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Models that compute nothing useful. Any field may contain any value that protobuf can write. The nodes are in no
/// order and may name missing tensors.
/// </summary>
internal static class Models
{
    private static readonly Gen<string> Name =
        Gen.Frequency((3, Gen.Int[0, 9].Select(i => $"t{i}")), (2, Texts.Of(0, 12)));
    private static readonly Gen<long> Number = Gen.OneOf(Gen.Long[-1, 20], Gen.Long);

    private static readonly Gen<Dimension> Size = Gen.OneOf(
        Number.Select(size => new Dimension { DimValue = size }),
        Name.Select(name => new Dimension { DimParam = name }), Gen.Const(() => new Dimension()));

    private static readonly Gen<TypeProto> Type = Gen.Frequency(
        (4, Gen.Select(Gen.Int[0, 20],
            Size.Array[0, 5].Select(sizes => new TensorShapeProto { Dim = { sizes } }).Null(), (element, shape) =>
            new TypeProto { TensorType = new() { ElemType = element, Shape = shape } })),
        (1, Gen.Int.Select(key => new TypeProto { MapType = new() { KeyType = key } })),
        (1, Gen.Const(() => new TypeProto
        {
            SequenceType =
            new() { ElemType = new TypeProto { OpaqueType = new() } }
        })),
        (1, Gen.Const(() => new TypeProto { OptionalType = new() })),
        (1, Gen.Const(() => new TypeProto())));

    private static readonly Gen<ValueInfoProto> Value =
        Gen.Select(Name, Type.Null(), (name, type) => new ValueInfoProto { Name = name, Type = type });

    /// <summary>A tensor whose values need not fit its shape or type.</summary>
    public static Gen<TensorProto> Tensor { get; } = Gen.Select(
        Name, Gen.OneOf(1, 2, 6, 7, 10), Number.Array[0, 3], Gen.Byte.Array[0, 40].Null(), Gen.Int.Array[0, 20],
        Number.Array[0, 20], Gen.Single.Array[0, 5],
        (name, type, sizes, raw, ints, longs, floats) =>
        {
            var tensor = new TensorProto
            {
                Name = name,
                DataType = type,
                Dims = { sizes },
                Int32Data = { ints },
                Int64Data = { longs },
                FloatData = { floats }
            };
            if (raw is not null)
                tensor.RawData = ByteString.CopyFrom(raw);
            return tensor;
        });

    private static readonly Gen<AttributeProto> Plain = Gen.OneOf(
        Number.Select(value => new AttributeProto { I = value }),
        Gen.Single.Select(value => new AttributeProto { F = value }),
        Name.Select(value => new AttributeProto { S = ByteString.CopyFromUtf8(value) }),
        Number.Array[0, 5].Select(values => new AttributeProto { Ints = { values } }),
        Gen.Single.Array[0, 5].Select(values => new AttributeProto { Floats = { values } }),
        Tensor.Select(value => new AttributeProto { T = value }));

    public static Gen<ModelProto> Any { get; } = Gen.Select(
        Gen.Long[1, 12], Gen.Select(Name, Number).Array[0, 3], Gen.Select(Name, Name).Array[0, 3],
        Graph(subgraphs: 3), Node(subgraphs: 3),
        (version, opsets, metadata, graph, node) =>
        {
            graph.Node.Add(node);
            var model = new ModelProto { IrVersion = version, Graph = graph };
            model.OpsetImport.Add(opsets.Select(set =>
                new OperatorSetIdProto { Domain = set.Item1, Version = set.Item2 }));
            model.MetadataProps.Add(metadata.Select(entry =>
                new StringStringEntryProto { Key = entry.Item1, Value = entry.Item2 }));
            return MadeOnce(model);
        });

    /// <summary>A model in which no tensor is computed or given twice. The library refuses such tensors.</summary>
    private static ModelProto MadeOnce(ModelProto model)
    {
        HashSet<string> taken = [.. model.Graph.Input.Select(value => value.Name),
            .. model.Graph.Initializer.Select(tensor => tensor.Name),
            .. model.Graph.SparseInitializer.Select(tensor => tensor.Values.Name)];
        foreach (NodeProto node in model.Graph.Node)
            for (int i = 0; i < node.Output.Count; i++)
                while (node.Output[i].Length > 0 && !taken.Add(node.Output[i]))
                    node.Output[i] += "'";
        return model;
    }

    private static Gen<GraphProto> Graph(int subgraphs) => Gen.Select(
        Name, Node(subgraphs).Array[0, 4], Tensor.Array[0, 3], Gen.Select(Tensor, Number.Array[0, 3]).Array[0, 1],
        Value.Array[0, 3], Value.Array[0, 3], Value.Array[0, 3],
        (name, nodes, tensors, sparse, inputs, outputs, values) =>
        {
            var graph = new GraphProto
            {
                Name = name,
                Node = { nodes },
                Initializer = { tensors },
                Input = { inputs },
                Output = { outputs },
                ValueInfo = { values }
            };
            graph.SparseInitializer.Add(
                sparse.Select(tensor => new SparseTensorProto { Values = tensor.Item1, Dims = { tensor.Item2 } }));
            return graph;
        });

    private static Gen<NodeProto> Node(int subgraphs) => Gen.Select(
        Name, Texts.Of(1, 8), Gen.OneOf("", "ai.onnx", "com.microsoft"), Name.Array[0, 4], Name.Array[0, 3],
        Gen.Select(Name, Attribute(subgraphs)).Array[0, 3],
        (name, op, domain, inputs, outputs, attributes) =>
        {
            foreach ((string attribute, AttributeProto value) in attributes)
                value.Name = attribute;
            return new NodeProto
            {
                Name = name,
                OpType = op,
                Domain = domain,
                Input = { inputs },
                Output = { outputs },
                Attribute = { attributes.Select(attribute => attribute.Item2) }
            };
        });

    private static Gen<AttributeProto> Attribute(int subgraphs) => subgraphs == 0 ? Plain : Gen.Frequency(
        (6, Plain),
        (1, Graph(subgraphs - 1).Select(graph => new AttributeProto { G = graph })),
        (1, Graph(subgraphs - 1).Array[0, 2].Select(graphs => new AttributeProto { Graphs = { graphs } })));
}
