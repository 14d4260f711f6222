using System.Text;
using FluentAssertions;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// Files that are not models, and models that are cut off. FuzzTests covers random damage.
/// </summary>
public class DamagedModelTests
{
    private static readonly byte[] Whole = new TinyModel()
        .Input("image", -1, 3, 8, 8).Quantize("q", 0.1f, 3).Dequantize("dq").Conv("conv", 4).Relu("relu")
            .MaxPool("pool").Conv("conv2", 6).Sigmoid("gate").Mul("silu", "conv2", "gate")
        .GlobalAveragePool("gap").Reshape("vector", -1, 6).MatMul("fc", 5).Softmax("p").Output(dims: [-1, 5]).ToBytes();

    public static TheoryData<string, byte[], string> OtherFiles => new()
    {
        { "empty", [], "empty" },
        { "text", Encoding.UTF8.GetBytes("hello, this is not a model\n"), "text file" },
        { "json", "{ \"architectures\": [] }"u8.ToArray(), "text file" },
        { "html", "<!DOCTYPE html><html><body>404</body></html>"u8.ToArray(), "HTML" },
        { "lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8.ToArray(),
            "git lfs pull" },
        { "png", [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0, 0, 0, 0x0d], "PNG picture" },
        { "jpeg", [0xff, 0xd8, 0xff, 0xe0, 0, 0x10], "JPEG picture" },
        { "ort", [0x1c, 0, 0, 0, .. "ORTM"u8, 0, 0, 0, 0], ".ort" },
        { "tflite", [0x1c, 0, 0, 0, .. "TFL3"u8, 0, 0, 0, 0], "TensorFlow Lite" },
        { "zip", [.. "PK"u8, 3, 4, 20, 0, 8, 8], "ZIP" },
        { "hdf5", [0x89, .. "HDF\r\n"u8, 0x1a, 0x0a], "HDF5" },
        { "gzip", [0x1f, 0x8b, 8, 0], "gzip" },
        { "zeros", new byte[64], "zeros" },
        { "noise", [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 197 + 131))], "cannot be read as ONNX" },
        { "no graph", [0x08, 8], "no graph" },
        { "no nodes", [0x08, 8, 0x3a, 0], "no nodes" },
    };

    [Theory]
    [MemberData(nameof(OtherFiles))]
    public void Files_of_other_kinds_are_refused_and_their_kind_is_named(string kind, byte[] bytes, string message)
    {
        FluentActions.Invoking(() => OnnxGraph.Read(bytes)).Should().Throw<UnsupportedModelException>(kind)
            .WithMessage($"*{message}*");
    }

    [Fact]
    public void A_model_cut_off_anywhere_inside_its_graph_is_refused()
    {
        // The opset follows the graph. A file that is cut there still has the whole graph.
        int graphEnd = Whole.Length
            - new Support.Proto.ModelProto
            {
                OpsetImport =
            { new Support.Proto.OperatorSetIdProto { Domain = "", Version = 13 } }
            }.CalculateSize();
        for (int length = 0; length < graphEnd; length++)
        {
            byte[] cut = Whole[..length];
            FluentActions.Invoking(() => OnnxGraph.Read(cut)).Should()
                .Throw<UnsupportedModelException>($"it has {length} of {Whole.Length} bytes");
        }
        OnnxGraph.Read(Whole.AsMemory(0, graphEnd)).Nodes.Should().NotBeEmpty();
    }

    [Fact]
    public void Too_deeply_nested_subgraphs_are_refused()
    {
        var graph = new ProtoWriter();
        for (int depth = 0; depth < 5000; depth++)
            graph = new ProtoWriter()
                .Message(1, new ProtoWriter().Text(4, "If").Message(5, new ProtoWriter().Message(6, graph)));
        byte[] model = new ProtoWriter().Message(7, graph).Written.ToArray();
        FluentActions.Invoking(() => OnnxGraph.Read(model)).Should().Throw<UnsupportedModelException>()
            .WithMessage("*nested*");
    }
}
