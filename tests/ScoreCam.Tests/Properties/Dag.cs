using CsCheck;
using Google.Protobuf;
using ScoreCam.Tests.Support.Proto;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Models with the structure of a network: every node reads existing tensors and computes a new one, some nodes read a
/// tensor inside a subgraph, and the nodes are in any order.
/// </summary>
internal sealed record Dag(ModelProto Model, IReadOnlyList<string> Made)
{
    private static readonly Gen<(int[] Reads, int Captured, int Order)> Step =
        Gen.Select(Gen.Int[0, 99].Array[1, 3], Gen.Int[-9, 9], Gen.Int[0, 9]);

    public static Gen<Dag> Any { get; } =
        Gen.Select(Step.Array[1, 8], Gen.Bool.Array[8], Gen.Int[0, 3], Gen.OneOf(Gen.Const("t"), Texts.Of(1, 9)),
        Gen.Bool).Select(
        (steps, outputs, weights, prefix, oldIr) =>
        {
            List<string> known = ["image", .. Enumerable.Range(0, weights).Select(i => $"w{i}")];
            var graph = new GraphProto
            {
                Name = prefix,
                DocString = prefix,
                Input = { new ValueInfoProto { Name = "image" } }
            };
            foreach (string name in known.Skip(1))
            {
                graph.Initializer.Add(new TensorProto
                {
                    Name = name,
                    DataType = 1,
                    Dims = { 2 },
                    RawData = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8)
                });
                if (oldIr)
                    graph.Input.Add(new ValueInfoProto { Name = name });
            }
            List<NodeProto> nodes = [];
            foreach ((int[] reads, int captured, _) in steps)
            {
                var node = new NodeProto
                {
                    OpType = "Sum",
                    Input = { reads.Select(read => known[read % known.Count]) },
                    Output = { $"{prefix}#{nodes.Count}" }
                };
                if (captured > 0)
                    node.Attribute.Add(new AttributeProto
                    {
                        Name = "then_branch",
                        G = new()
                        {
                            Node = { new NodeProto { OpType = "Neg",
                        Input = { known[captured % known.Count] }, Output = { $"inner {nodes.Count}" } } }
                        }
                    });
                nodes.Add(node);
                known.Add(node.Output[0]);
            }
            graph.Node.Add(nodes.Zip(steps).OrderBy(pair => pair.Second.Order).Select(pair => pair.First));
            string[] made = [.. nodes.Select(node => node.Output[0])];
            graph.Output.Add(made.Where((_, i) => outputs[i] || i == made.Length - 1)
                .Select(name => new ValueInfoProto { Name = name }));
            graph.ValueInfo.Add(made.Select(name => new ValueInfoProto { Name = name }));
            return new Dag(new ModelProto
            {
                IrVersion = oldIr ? 3 : 8,
                ProducerName = prefix,
                OpsetImport = { new OperatorSetIdProto { Version = 13 } },
                Graph = graph
            }, made);
        });

    public byte[] ToBytes() => Model.ToByteArray();

    public override string ToString() => Model.ToString();
}
