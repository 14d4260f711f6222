using CsCheck;
using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// A slice, read by Google.Protobuf, contains the nodes and constants after the layer and everything outside of the
/// graph, all unchanged.
/// </summary>
public class SliceProperties
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slice_contains_only_what_the_scores_need(bool quantized) =>
        Gen.Select(Dag.Any, Gen.Int[0, 99], Gen.Int[0, 99]).Sample((dag, from, to) =>
        {
            string layer = dag.Made[from % dag.Made.Count], scores = dag.Made[to % dag.Made.Count];
            ModelProto before = dag.Model.Clone();
            if (quantized)
                before.Graph.Initializer.Add(new TensorProto { Name = "scale", DataType = 1, FloatData = { 0.5f } });
            Func<ModelProto> slice = () =>
                ModelProto.Parser.ParseFrom(Slice(before.ToByteArray(), layer, scores, quantized));

            HashSet<string> needed = Needed(before.Graph, layer, scores);
            if (needed.Contains("image"))
            {
                slice.Should().Throw<UnsupportedModelException>().WithMessage("*path around that layer*");
                return;
            }
            if (quantized)
                needed.Add("scale");
            GraphProto expected = new() { Name = before.Graph.Name, DocString = before.Graph.DocString };
            expected.Node.Add(before.Graph.Node.Where(node =>
                node.Output[0] != layer && needed.Contains(node.Output[0])));
            expected.Initializer.Add(before.Graph.Initializer.Where(tensor => needed.Contains(tensor.Name)));
            expected.Input.Add(before.Graph.Input.Where(value => needed.Contains(value.Name)));

            ModelProto after = slice();
            ValueInfoProto input = after.Graph.Input[0];
            after.Graph.Input.RemoveAt(0);
            (input.Name, string.Join(' ',
                input.Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? $"{d.DimValue}" : d.DimParam))).Should()
                .Be((quantized ? $"{layer}:slice" : layer, "N 6 4 3"));
            if (quantized)
            {
                after.Graph.Node[0].Should()
                    .Be(new NodeProto
                    {
                        OpType = "QuantizeLinear",
                        Input = { input.Name, "scale" },
                        Output = { layer }
                    });
                after.Graph.Node.RemoveAt(0);
            }
            after.Graph.Should().Be(expected);
            after.Graph = before.Graph;
            after.Should().Be(before, "everything outside of the graph is kept");
        });

    private static byte[] Slice(byte[] model, string layer, string scores, bool quantized)
    {
        string input = ModelSlice.InputOf(layer, quantized);
        var value = new OnnxValue { Name = input, ElementType = ElementType.Float, Dims = [-1, 6, 4, 3] };
        return ModelSlice.After(OnnxGraph.Read(model), layer, value, quantized ? ["scale"] : [], [], scores).ToBytes();
    }

    /// <summary>Every tensor that the scores depend on, without going past the layer.</summary>
    private static HashSet<string> Needed(GraphProto graph, string layer, string scores)
    {
        HashSet<string> needed = [];
        Visit(scores);
        return needed;

        void Visit(string tensor)
        {
            if (!needed.Add(tensor) || tensor == layer)
                return;
            foreach (NodeProto node in graph.Node.Where(node => node.Output[0] == tensor))
                foreach (string read in node.Input.Concat(node.Attribute.SelectMany(attribute => attribute.G.Node)
                    .SelectMany(inner => inner.Input)))
                    Visit(read);
        }
    }
}
