using CsCheck;
using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// A tapped model, read by Google.Protobuf, is the model with the new nodes and outputs at the end, and nothing
/// else.
/// </summary>
public class TapProperties
{
    [Fact]
    public void A_tap_adds_exactly_its_output() =>
        Gen.Select(Dag.Any, Gen.Int[0, 99].Array[0, 4]).Sample((dag, chosen) =>
        {
            string[] tensors = [.. chosen.Select(i => Tensor(dag, i))];
            ModelProto expected = dag.Model.Clone();
            foreach (string tensor in tensors.Where(tensor =>
                expected.Graph.Output.All(output => output.Name != tensor)).Distinct())
                expected.Graph.Output.Add(new ValueInfoProto { Name = tensor });

            byte[] tapped = Edited(dag.ToBytes(), model => Array.ForEach(tensors, tensor => model.AddOutput(tensor)));
            ModelProto.Parser.ParseFrom(tapped).Should().Be(expected);
            Edited(tapped, model => Array.ForEach(tensors, tensor => model.AddOutput(tensor))).Should()
                .Equal(tapped, "they are outputs already");
        });

    [Fact]
    public void Any_model_can_be_tapped() =>
        Models.Any.Where(model => model.Graph.Node.Any(node => node.Output.Any(name => name.Length > 0))).Sample(
            any =>
            {
                string tensor = any.Graph.Node.SelectMany(node => node.Output).Last(name => name.Length > 0);
                ModelProto expected = any.Clone();
                if (expected.Graph.Output.All(output => output.Name != tensor))
                    expected.Graph.Output.Add(new ValueInfoProto { Name = tensor });
                ModelProto.Parser.ParseFrom(Edited(any.ToByteArray(), model => model.AddOutput(tensor))).Should()
                    .Be(expected);
            },
            print: any => any.ToString());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_quantized_tap_also_adds_one_node_under_a_free_name(bool hasZeroPoint) =>
        Gen.Select(Dag.Any, Gen.Int[0, 99], Gen.Int[0, 2]).Sample((dag, chosen, taken) =>
        {
            string tensor = Tensor(dag, chosen);
            // Names that the new node would otherwise get.
            ModelProto before = dag.Model.Clone();
            string[] occupied = [.. new[] { $"{tensor}:real", $"{tensor}:real_2" }.Take(taken)];
            before.Graph.Node.Add(occupied.Select(name =>
                new NodeProto { OpType = "Neg", Input = { tensor }, Output = { name } }));

            string name = "";
            byte[] tapped = Edited(before.ToByteArray(), model =>
                model.AddOutput(name = model.AddDequantize(tensor, "scale", hasZeroPoint ? "zero" : null)));
            ModelProto expected = before.Clone();
            var node = new NodeProto
            {
                OpType = "DequantizeLinear",
                Name = name,
                Input = { tensor, "scale" },
                Output = { name }
            };
            if (hasZeroPoint)
                node.Input.Add("zero");
            expected.Graph.Node.Add(node);
            expected.Graph.Output.Add(new ValueInfoProto { Name = name });
            ModelProto.Parser.ParseFrom(tapped).Should().Be(expected);
            occupied.Concat(dag.Made).Should().NotContain(name);
        });

    private static string Tensor(Dag dag, int chosen) => dag.Made[chosen % dag.Made.Count];

    private static byte[] Edited(byte[] bytes, Action<EditableModel> change)
    {
        var model = new EditableModel(OnnxGraph.Read(bytes));
        change(model);
        return model.ToBytes();
    }
}
