using FluentAssertions;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Onnx;

public class GraphPatchTests
{
    private static readonly byte[] Model = Networks.Trunk().Output().ToBytes();

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void What_is_added_in_the_room_after_a_model_is_what_is_added_to_a_copy(int nodes)
    {
        byte[] array = [.. Model, .. new byte[GraphPatch.Room]];
        GraphPatch patch = Patch(nodes);
        byte[] result = patch.ApplyInRoom(array.AsMemory(0, Model.Length));
        result.Should().BeSameAs(array, "nothing is copied");
        result.Take(Model.Length).Should().Equal(Model, "the model stays as it is");
        ModelProto read = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(result);
        read.Should().Be(ModelProto.Parser.ParseFrom(patch.Apply(Model)));
        read.Graph.Node.Should().HaveCount(ModelProto.Parser.ParseFrom(Model).Graph.Node.Count + nodes);

        // Less, in the same room: nothing is left of what was more.
        GraphPatch less = Patch(0);
        ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(less.ApplyInRoom(array.AsMemory(0, Model.Length))).Should().Be(ModelProto.Parser.ParseFrom(less.Apply(Model)));
    }

    [Fact]
    public void Where_there_is_no_room_the_model_is_copied()
    {
        Copied(Patch(1), Model);
        Copied(Patch(1), Model.AsMemory(), "an array of the caller's");
        byte[] before = [.. new byte[3], .. Model, .. new byte[GraphPatch.Room]];
        Copied(Patch(1), before.AsMemory(3, Model.Length), "it does not begin the array");
        byte[] array = [.. Model, .. new byte[GraphPatch.Room]];
        Copied(Patch(500), array.AsMemory(0, Model.Length), "more than the room takes");
        array.Skip(Model.Length).Should().OnlyContain(value => value == 0);

        static void Copied(GraphPatch patch, ReadOnlyMemory<byte> model, string because = "")
        {
            byte[] result = patch.ApplyInRoom(model);
            result.Should().Equal(patch.Apply(Model), because);
        }
    }

    private static GraphPatch Patch(int nodes)
    {
        OnnxGraph graph = OnnxGraph.Read(Model);
        var patch = new GraphPatch(graph);
        string last = graph.Nodes[0].Outputs[0];
        for (int i = 0; i < nodes; i++)
            last = patch.AddNode("Identity", $"added{i}", [last]);
        return patch.AddOutput(last);
    }
}
