using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>Changed models, read back by Google.Protobuf.</summary>
public class EditableModelTests
{
    [Fact]
    public void An_unchanged_model_is_written_back_unchanged()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            byte[] bytes = RandomModel.Build(seed).ToByteArray();
            ModelProto.Parser.ParseFrom(new EditableModel(OnnxGraph.Read(bytes)).ToBytes())
                .Should().Be(ModelProto.Parser.ParseFrom(bytes), $"seed {seed}");
        }
    }

    [Fact]
    public void A_changed_node_keeps_its_attributes_with_their_subgraphs()
    {
        var branch = new GraphProto { Name = "branch", Output = { new ValueInfoProto { Name = "x" } } };
        var value = new TensorProto { DataType = 7, Dims = { 1 }, Int64Data = { 5 } };
        var tensor = new AttributeProto { Name = "tensor", T = value };
        ModelProto before = new TinyModel().Input("x", 1, 3, 4, 4)
            .Op("", "If", ["y"], ["c"], TinyModel.Attribute("then_branch", branch), tensor).Output().Model;
        var model = new EditableModel(OnnxGraph.Read(before.ToByteArray()));
        model.Nodes[0] = model.Nodes[0].With(opType: "Other", inputs: ["c", "", "x"], outputs: ["y", "z"]);

        NodeProto node = ModelProto.Parser.ParseFrom(model.ToBytes()).Graph.Node[0];
        (node.OpType, node.Name).Should().Be(("Other", before.Graph.Node[0].Name));
        node.Input.Should().Equal("c", "", "x");
        node.Output.Should().Equal("y", "z");
        node.Attribute.Should().Equal(before.Graph.Node[0].Attribute);
    }

    [Fact]
    public void Nodes_and_constants_are_added_under_free_names()
    {
        byte[] bytes = Networks.Trunk().Initializer("k", [1], 1f).Output().ToBytes();
        var model = new EditableModel(OnnxGraph.Read(bytes)) { Opset = 16 };
        string floats = model.AddConstant("k", [1.5f, -2], 2, 1), integers = model.AddConstant("i", 3L, -1);
        string node = model.AddNode(
            "Op", "k", [floats, integers], OnnxAttribute.Of("a", 2), OnnxAttribute.Of("f", 0.5f),
            OnnxAttribute.Of("s", "mode"), OnnxAttribute.Of("l", 4L, 5L));
        model.AddOutput(node);
        ModelProto written = ModelProto.Parser.ParseFrom(model.ToBytes());

        (floats, integers, node).Should().Be(("k_2", "i", "k_3"));
        written.OpsetImport.Should().ContainSingle(o => o.Domain == "" && o.Version == 16);
        TensorProto added = written.Graph.Initializer[^2];
        (added.Name, added.DataType).Should().Be(("k_2", TinyModel.DataType.Float));
        added.Dims.Should().Equal(2, 1);
        added.RawData.ToByteArray().Should().Equal([.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        written.Graph.Initializer[^1].RawData.ToByteArray()
            .Should().Equal([.. BitConverter.GetBytes(3L), .. BitConverter.GetBytes(-1L)]);
        NodeProto last = written.Graph.Node[^1];
        last.Input.Should().Equal("k_2", "i");
        last.Attribute.Should().Equal(TinyModel.Attribute("a", 2), TinyModel.Attribute("f", 0.5f),
            TinyModel.Attribute("s", "mode"), TinyModel.Attribute("l", 4, 5));
        written.Graph.Output[^1].Should().Be(new ValueInfoProto { Name = "k_3" });
        OnnxGraph.Read(model.ToBytes()).Constant("i")!.Integers.Should().Equal(3, -1);
    }

    [Fact]
    public void Local_functions_metadata_and_other_operator_sets_are_kept()
    {
        ModelProto before = Networks.Trunk().Import("my.blocks", 3).Output().Model;
        before.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "me" });
        byte[] function = [.. before.ToByteArray(), 0xca, 0x01, 3, 0x0a, 1, (byte)'f'];
        var model = new EditableModel(OnnxGraph.Read(function)) { Opset = 17, IrVersion = 9 };
        ModelProto after = ModelProto.Parser.ParseFrom(model.ToBytes());

        before.OpsetImport.Remove(before.OpsetImport.Single(o => o.Domain == ""));
        before.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        before.IrVersion = 9;
        after.OpsetImport.Should().BeEquivalentTo(before.OpsetImport);
        (after.MetadataProps[0].Value, after.IrVersion, after.Graph).Should().Be(("me", 9, before.Graph));
        model.ToBytes().AsSpan().IndexOf((ReadOnlySpan<byte>)[0xca, 0x01, 3, 0x0a, 1, (byte)'f']).Should().BePositive();
    }

    [Fact]
    public void A_missing_tensor_cannot_be_an_output()
    {
        var model = new EditableModel(OnnxGraph.Read(Networks.Trunk().Output().ToBytes()));
        Action add = () => model.AddOutput("nothing");
        add.Should().Throw<ArgumentException>().WithMessage("*no tensor 'nothing'*");
    }
}
