using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Fuzz;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>The reader, compared with Google's protobuf library field by field.</summary>
public class OnnxGraphTests
{
    [Fact]
    public void Every_network_of_the_data_folder_reads_as_protobuf_reads_it()
    {
        string[] files = [.. Directory.GetFiles(SharedData.Require("models"), "*.onnx", SearchOption.AllDirectories),
            .. Directory.GetFiles(SharedData.Require("golden"), "*.onnx", SearchOption.AllDirectories)];
        files.Should().HaveCountGreaterThan(25);
        foreach (string file in files)
            Agreement.Check(File.ReadAllBytes(file)).Should().BeTrue(file);
    }

    [Fact]
    public void Random_models_read_as_protobuf_reads_them()
    {
        for (int seed = 0; seed < 300; seed++)
            Agreement.Check(RandomModel.Build(seed).ToByteArray()).Should().BeTrue($"seed {seed}");
    }

    [Fact]
    public void A_graph_in_two_pieces_is_merged()
    {
        ModelProto first = new TinyModel().Input("x", 1, 3, 4, 4).Relu("a").Model;
        var second = new ModelProto { Graph = new GraphProto() };
        second.Graph.Node.Add(new NodeProto { OpType = "Neg", Input = { "a" }, Output = { "b" } });
        second.Graph.Output.Add(new ValueInfoProto { Name = "b" });
        byte[] both = [.. first.ToByteArray(), .. second.ToByteArray()];
        Agreement.Check(both).Should().BeTrue();
        OnnxGraph graph = OnnxGraph.Read(both);
        graph.Nodes.Select(n => n.Index).Should().Equal(0, 1);
        graph.Producer("b")!.OpType.Should().Be("Neg");
        graph.Outputs.Should().ContainSingle(o => o.Name == "b" && o.IsTensor && o.Dims == null);
    }

    [Fact]
    public void Dimensions_and_attributes_may_be_packed_or_not()
    {
        // TensorProto.dims = [2, 3]: field 1 as two varints, and as one packed field; AttributeProto.ints likewise.
        byte[] loose = Model(initializer: [0x08, 2, 0x08, 3, 0x10, 1, 0x42, 1, (byte)'w'],
            attribute: [0x0a, 1, (byte)'k', 0x40, 5, 0x40, 6]);
        byte[] packed = Model(initializer: [0x0a, 2, 2, 3, 0x10, 1, 0x42, 1, (byte)'w'],
            attribute: [0x0a, 1, (byte)'k', 0x42, 2, 5, 6]);
        foreach (byte[] model in new[] { loose, packed })
        {
            OnnxGraph graph = OnnxGraph.Read(model);
            graph.Initializer("w")!.Dims.Should().Equal(2, 3);
            graph.Nodes[0].Attribute("k")!.Ints.Should().Equal(5, 6);
        }

        static byte[] Model(byte[] initializer, byte[] attribute)
        {
            var node = new ProtoWriter().Text(4, "Op").Bytes(5, attribute);
            return new ProtoWriter().Message(7,
                new ProtoWriter().Message(1, node).Bytes(5, initializer)).Written.ToArray();
        }
    }

    [Fact]
    public void An_initializer_that_is_listed_as_an_input_is_not_an_input()
    {
        OnnxGraph graph = OnnxGraph.Read(new TinyModel().Input("x", 1, 3, 4, 4).Input("w", 1).Initializer("w", [1], 2f)
            .Mul("y", "x", "w").Output().ToBytes());
        graph.Inputs.Select(i => i.Name).Should().Equal("x");
    }

    [Fact]
    public void Producers_and_consumers_are_found_inside_a_subgraph_too()
    {
        var branch = new GraphProto();
        branch.Node.Add(new NodeProto { OpType = "Squeeze", Input = { "a" }, Output = { "inner" } });
        branch.Output.Add(new ValueInfoProto { Name = "inner" });
        OnnxGraph graph = OnnxGraph.Read(new TinyModel().Input("x", 1, 3, 4, 4).Relu("a")
            .Op("If", "y", ["condition"], Attribute("then_branch", branch), Attribute("else_branch", branch))
                .Relu("b", "a").Output().ToBytes());
        graph.Consumers("a").Select(n => n.OpType).Should().Equal("If", "Relu");
        graph.Nodes[1].Attribute("then_branch")!.HasSubgraph.Should().BeTrue();
        graph.Ancestors("y").Should().Contain("a").And.Contain("x").And.NotContain("b");
        graph.Producer("x").Should().BeNull();
        graph.Consumers("nothing").Should().BeEmpty();
    }

    [Fact]
    public void Walks_through_a_cycle_and_through_a_very_deep_graph_end()
    {
        OnnxGraph cycle = OnnxGraph.Read(new TinyModel().Input("x", 1, 3, 4, 4).Add("a", "x", "b").Relu("b", "a")
            .Relu("c", "b").Output().ToBytes());
        cycle.Ancestors("c").Should().BeEquivalentTo("a", "b", "c", "x");
        LayerFinder none = Layers(cycle);
        none.Sites.Should().BeEmpty();
        none.Default(10).Site.Should().BeNull();

        OnnxGraph ring = OnnxGraph.Read(new TinyModel().Input("x", 1, 3, 4, 4).Unary("Identity", "a", "b")
            .Unary("Identity", "b", "a").Output().ToBytes());
        OutputActivation.Find(ring, new ImageFlow(ring, "x"), null).Tensor.Should().Be("b");

        var deep = new TinyModel().Input("x", 1, 3, 4, 4).Conv("c", 4);
        for (int i = 0; i < 50_000; i++)
            deep.Relu($"r{i}");
        OnnxGraph graph = OnnxGraph.Read(deep.Output().ToBytes());
        Layers(graph).Default(10).Site!.Tensor.Should().Be("r49999");
    }

    /// <summary>The layers of a network whose tensors all have the shape of a small map.</summary>
    private static LayerFinder Layers(OnnxGraph graph)
    {
        var flow = new ImageFlow(graph, "x");
        Dictionary<string, IReadOnlyList<long>> shapes =
            graph.Nodes.SelectMany(node => node.Outputs).Append("x").Distinct()
            .ToDictionary(tensor => tensor, _ => (IReadOnlyList<long>)[1, 4, 4, 4]);
        string scores = OutputActivation.Find(graph, flow, null).Tensor;
        return new LayerFinder(graph, flow, "x", TensorLayout.Nchw, scores,
            new(shapes, new Dictionary<string, IReadOnlyList<long>>()));
    }

    [Fact]
    public void The_file_of_values_outside_of_the_model_is_recorded()
    {
        var model = new TinyModel().Input("x", 1, 3, 4, 4).Initializer("w", [1], 1f).Mul("y", "x", "w").Output();
        TensorProto tensor = model.Model.Graph.Initializer[0];
        tensor.DataLocation = 1;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        OnnxGraph.Read(model.ToBytes()).Initializer("w")!.ExternalLocation.Should().Be("weights.bin");
    }

    [Fact]
    public void Long_texts_and_lists_of_floats_in_attributes_are_skipped()
    {
        var text = new AttributeProto { Name = "text", S = UnsafeByteOperations.UnsafeWrap(new byte[10_000_000]) };
        var texts = new AttributeProto { Name = "texts", Strings = { text.S } };
        var floats = new AttributeProto { Name = "floats", Floats = { new float[2_500_000] } };
        byte[] model = new TinyModel().Input("x", 1, 3, 4, 4).Op("Custom", "y", ["x"], text, texts, floats).Output()
            .ToBytes();
        model.Should().HaveCountGreaterThan(30_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxGraph graph = OnnxGraph.Read(model);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        graph.Nodes.Should().ContainSingle().Which.Attributes.Select(a => a.Name).Should()
            .Equal("text", "texts", "floats");
        allocated.Should().BeLessThan(1_000_000, "they are neither copied nor read");
    }

    [Fact]
    public void A_hundred_megabytes_of_weights_are_skipped()
    {
        byte[] small = new TinyModel().Input("x", 1, 3, 4, 4).Conv("c", 4).Output().ToBytes();
        var heavy = new ModelProto { Graph = new GraphProto() };
        heavy.Graph.Initializer.Add(
            new TensorProto
            {
                Name = "w",
                DataType = 1,
                Dims = { 25_000_000 },
                RawData = UnsafeByteOperations.UnsafeWrap(new byte[100_000_000])
            });
        byte[] model = [.. small, .. heavy.ToByteArray()];
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxGraph graph = OnnxGraph.Read(model);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        graph.Initializer("w")!.RawData!.Value.Length.Should().Be(100_000_000);
        allocated.Should().BeLessThan(1_000_000, "values are neither copied nor read");
    }
}
