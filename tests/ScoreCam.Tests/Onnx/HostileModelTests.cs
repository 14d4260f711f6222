using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Onnx.Wire;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// Graphs that no exporter writes. Each of them once caused a failure: a hang, high memory use, an undocumented
/// exception or a wrong result.
/// </summary>
public class HostileModelTests
{
    [Fact]
    public void A_tensor_that_is_computed_twice_is_refused()
    {
        // With two producers, a walk back from the scores could be an endless cycle.
        TinyModel ring = Small().Relu("a").Op("Add", "b", ["a", "x"]).Op("Add", "a", ["b", "x"]).Output();
        Refused(ring, "(Add) computes the tensor 'a'");
        Refused(Small().Relu("x").Output(), "(Relu) computes the tensor 'x'");
        Refused(Small().Initializer("w", [1], 1f).Unary("Neg", "w", "x").Output(), "(Neg) computes the tensor 'w'");
        Refused(Small().Op("", "Split", ["p", "p"], ["x"]).Output(), "(Split) computes the tensor 'p'");
    }

    [Fact]
    public void Names_must_be_valid_UTF8_and_values_of_attributes_need_not_be()
    {
        byte[] model = new ProtoWriter()
            .Message(7, new ProtoWriter()
            .Message(1, new ProtoWriter().Text(4, "Relu").Bytes(2, [0x61, 0xff]))).Written.ToArray();
        FluentActions.Invoking(() => OnnxGraph.Read(model)).Should().Throw<UnsupportedModelException>()
            .WithMessage("*not UTF-8 at byte*");

        TinyModel custom = Small()
            .Op("Custom", "y", ["x"], new AttributeProto { Name = "blob", S = ByteString.CopyFrom(0xff, 0xfe) })
            .Output();
        OnnxGraph.Read(custom.ToBytes()).Nodes.Should().ContainSingle();
    }

    [Fact]
    public void Repeated_messages_are_read_as_protobuf_merges_them_or_are_refused()
    {
        byte[] tensor = new TensorProto { Name = "t", DataType = 1, Dims = { 1 } }.ToByteArray();
        Node(new ProtoWriter().Text(1, "value").Bytes(5, tensor).Bytes(5, tensor)).Should()
            .Throw<UnsupportedModelException>().WithMessage("*second tensor*");
        byte[] sparse = new ProtoWriter()
            .Message(7, new ProtoWriter().Message(1, new ProtoWriter().Text(4, "Relu"))
            .Message(15, new ProtoWriter().Bytes(1, tensor).Bytes(1, tensor))).Written.ToArray();
        FluentActions.Invoking(() => OnnxGraph.Read(sparse)).Should().Throw<UnsupportedModelException>()
            .WithMessage("*second tensor*");

        // Field 6 is not a kind of type. Of two kinds, the last one counts.
        var type = new ProtoWriter().Message(1, new ProtoWriter().Int64(1, 7)).Message(4, new ProtoWriter())
            .Message(6, new ProtoWriter()).Message(10, new ProtoWriter());
        byte[] output = Output(type);
        Fuzz.Agreement.Check(output).Should().BeTrue();
        OnnxGraph.Read(output).Outputs[0].Should()
            .Match<OnnxValue>(value => !value.IsTensor && value.ElementType == ElementType.Undefined);
        OnnxGraph.Read(Output(new ProtoWriter().Message(1, new ProtoWriter().Int64(1, 7))
            .Message(6, new ProtoWriter()))).Outputs[0].Should()
            .Match<OnnxValue>(value => value.IsTensor && value.ElementType == ElementType.Int64);

        static byte[] Output(ProtoWriter type) =>
            new ProtoWriter().Message(7,
            new ProtoWriter().Message(1, new ProtoWriter().Text(4, "Relu"))
            .Message(12, new ProtoWriter().Text(1, "y").Message(2, type))).Written.ToArray();

        static Action Node(ProtoWriter attribute) => () =>
            OnnxGraph.Read(new ProtoWriter()
            .Message(7, new ProtoWriter()
            .Message(1, new ProtoWriter().Text(4, "Constant").Message(5, attribute))).Written.ToArray());
    }

    [Fact]
    public void Small_integers_are_read_as_ONNX_Runtime_reads_them()
    {
        var both = new TensorProto
        {
            Name = "s",
            DataType = TinyModel.DataType.Int64,
            Dims = { 2 },
            Int64Data = { 7, 8 },
            Int32Data = { 5, 6 }
        };
        Integers(both).Should().Equal(7, 8);
        both.RawData = ByteString.CopyFrom([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
        Integers(both).Should().Equal(1, 2);
        both.Dims[0] = 3;
        Integers(both).Should().BeNull();
        Integers(new TensorProto
        {
            Name = "s",
            DataType = TinyModel.DataType.Int64,
            Dims = { 16 },
            Int64Data = { Enumerable.Repeat(1L, 17) }
        }).Should().BeNull();

        static IReadOnlyList<long>? Integers(TensorProto tensor)
        {
            TinyModel model = Small().Relu("y").Output();
            model.Model.Graph.Initializer.Add(tensor);
            return OnnxGraph.Read(model.ToBytes()).Initializer("s")!.Integers;
        }
    }

    [Fact]
    public void Only_the_lower_32_bits_of_a_longer_varint_count()
    {
        TinyModel model = Small().Relu("y").Output();
        model.Model.Graph.Initializer.Add(
            new TensorProto { Name = "s", DataType = TinyModel.DataType.Int32, Dims = { 1 }, Int32Data = { -3 } });
        byte[] bytes = model.ToBytes();
        // −3 is written in ten bytes, of which the upper half does not count.
        ReadOnlySpan<byte> usual = [0xFD, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            other = [0xFD, 0xFF, 0xFF, 0xFF, 0xAF, 0x80, 0x81, 0x80, 0x80, 0x01];
        other.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(usual)));
        Fuzz.Agreement.Check(bytes).Should().BeTrue();
        OnnxGraph.Read(bytes).Initializer("s")!.Integers.Should().Equal(-3);
    }

    [Theory]
    [InlineData(new[] { long.MaxValue, long.MaxValue })]
    [InlineData(new[] { -1L, -1L })]
    [InlineData(new[] { 1L << 31 })]
    [InlineData(new[] { (1L << 32) + 2 })]
    [InlineData(new[] { 500_000_000L })]
    [InlineData(new[] { 3L })]
    public void Weights_whose_shape_does_not_fit_their_values_are_refused_before_memory_is_allocated(long[] dims)
    {
        OnnxInitializer tensor =
            Stored(new TensorProto { Name = "w", DataType = 1, Dims = { dims }, FloatData = { 1, 2 } },
            out byte[] model);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => FloatTensor.Read(model, tensor)).Should().Throw<UnsupportedModelException>()
            .WithMessage("*'w' hold 8 bytes*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void Weights_in_pieces_that_cut_a_value_are_refused()
    {
        byte[] pieces = new ProtoWriter().Int64(1, 2).Int64(2, 1).Text(8, "w").Bytes(4, new byte[3])
            .Bytes(4, new byte[5]).Written.ToArray();
        byte[] model = new ProtoWriter()
            .Message(7, new ProtoWriter().Message(1, new ProtoWriter().Text(4, "Relu"))
            .Bytes(5, pieces)).Written.ToArray();
        FluentActions.Invoking(() => FloatTensor.Read(model, OnnxGraph.Read(model).Initializer("w")!)).Should()
            .Throw<UnsupportedModelException>();
    }

    [Fact]
    public void A_cyclic_classifier_or_one_with_wrong_inputs_has_no_linear_head()
    {
        NoHead(Small().Unary("Identity", "a", "b").Unary("Identity", "b", "a").Output());
        NoHead(Small().Op("Identity", "y", []).Output());
        NoHead(Small().Initializer("w", [1], 1f).Op("Add", "y", ["w"]).Output());
        NoHead(Small().Initializer("w", [1], 1f).Op("Add", "y", ["x", "x", "w"]).Output());

        static void NoHead(TinyModel model)
        {
            byte[] bytes = model.ToBytes();
            OnnxGraph graph = OnnxGraph.Read(bytes);
            var layer = new LayerInfo
            {
                Name = "elsewhere",
                NodeName = "",
                OpType = "Relu",
                Channels = 1,
                Height = 2,
                Width = 2
            };
            var source = new ScoreSource { Output = model.Last, Tensor = model.Last, Ending = Ending.None };
            FluentActions.Invoking(() => new LinearHeadFinder(bytes, graph).Find(layer, TensorLayout.Nchw, source))
                .Should().Throw<UnsupportedModelException>();
        }
    }

    [Fact]
    public void The_memory_for_many_outputs_on_a_long_chain_is_linear()
    {
        const int Length = 20_000;
        TinyModel model = Small();
        for (int i = 0; i < Length; i++)
            model.Unary("Identity", $"t{i}").Output(dims: [1, 2]);
        byte[] bytes = model.ToBytes();
        LimitMemory(() =>
        {
            OnnxGraph graph = OnnxGraph.Read(bytes);
            OutputActivation.Find(graph, new ImageFlow(graph, "x"), null).Tensor.Should()
                .Be($"t{Length - 1}", "all others lead to it");
        });
    }

    [Fact]
    public void The_memory_for_a_node_with_many_inputs_and_outputs_is_linear()
    {
        const int Width = 20_000;
        TinyModel model = Small()
            .Op("", "Custom", [.. Enumerable.Range(0, Width).Select(i => $"o{i}")],
            [.. Enumerable.Range(0, Width).Select(i => $"i{i}"), "x"]);
        model.Op("Sum", "y", [.. Enumerable.Range(0, Width).Select(i => $"o{i}")]).Output();
        OnnxGraph graph = OnnxGraph.Read(model.ToBytes());
        LimitMemory(() => graph.Ancestors("y").Should().HaveCount((2 * Width) + 2));
    }

    [Fact]
    public void Too_large_inputs_and_too_many_classes_are_refused()
    {
        FluentActions.Invoking(() =>
            InputFacts.Find(OnnxGraph.Read(new TinyModel().Input("x", 1, 3, 60_000, 60_000).Relu("y").Output()
            .ToBytes()), TensorLayout.Nchw))
            .Should().Throw<UnsupportedModelException>().WithMessage("*more than 268435456 values*");
        TinyModel classes = new TinyModel().Input("x", 1, 1, 2, 2).Conv("c", 1).GlobalAveragePool("g").Flatten("f")
            .Gemm("y", (1 << 20) + 1).Output();
        FluentActions.Invoking(() => ImageModel.Load(classes.ToBytes())).Should().Throw<UnsupportedModelException>()
            .WithMessage("*at most 1048576 classes*");
    }

    private static TinyModel Small() => new TinyModel().Input("x", 1, 3, 4, 4);

    private static void Refused(TinyModel model, string message) =>
        FluentActions.Invoking(() => OnnxGraph.Read(model.ToBytes())).Should().Throw<UnsupportedModelException>()
            .WithMessage($"*{message}*");

    private static OnnxInitializer Stored(TensorProto tensor, out byte[] bytes)
    {
        TinyModel model = Small().Relu("y").Output();
        model.Model.Graph.Initializer.Add(tensor);
        bytes = model.ToBytes();
        return OnnxGraph.Read(bytes).Initializer(tensor.Name)!;
    }

    /// <summary>Limits the allocated memory. A quadratic algorithm takes a hundred times as much.</summary>
    private static void LimitMemory(Action action)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        action();
        (GC.GetAllocatedBytesForCurrentThread() - bytes).Should().BeLessThan(100 << 20);
    }
}
