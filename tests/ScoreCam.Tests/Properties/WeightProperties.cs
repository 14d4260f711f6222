using CsCheck;
using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Evaluation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>Weights are read as Google.Protobuf reads them, and replaced without another change.</summary>
public class WeightProperties
{
    private static readonly Gen<float> Number =
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle).Where(value => !float.IsNaN(value));

    [Fact]
    public void Raw_weights_are_replaced_in_place() =>
        Gen.Select(Models.Any, Gen.Select(Number, Number).Array[0, 40], Gen.Bool).Sample(
            (model, values, isHalf) =>
            {
                TensorProto Weights(IEnumerable<float> numbers) => new()
                {
                    Name = "weights",
                    DataType = isHalf ? TinyModel.DataType.Float16 : TinyModel.DataType.Float,
                    Dims = { values.Length },
                    RawData = ByteString.CopyFrom(
                        [.. numbers.SelectMany(number =>
                        isHalf ? BitConverter.GetBytes((Half)number) : BitConverter.GetBytes(number))]),
                };
                float Stored(float number) => isHalf ? (float)(Half)number : number;

                model.Graph.Initializer.Add(Weights(values.Select(pair => pair.Item1)));
                byte[] bytes = model.ToByteArray();
                OnnxInitializer tensor = OnnxGraph.Read(bytes).Initializers.Last(initializer => !initializer.IsSparse);
                FloatTensor.Read(bytes, tensor).Should().Equal(values.Select(pair => Stored(pair.Item1)));
                FloatTensor.Write(bytes, tensor, [.. values.Select(pair => pair.Item2)]);

                ModelProto expected = model.Clone();
                expected.Graph.Initializer[^1] = Weights(values.Select(pair => pair.Item2));
                ModelProto.Parser.ParseFrom(bytes).Should().Be(expected);
            },
            print: sample => $"{string.Join(' ', sample.Item2)} (half: {sample.Item3}) after {sample.Item1}");

    [Fact]
    public void Listed_weights_in_any_number_of_pieces_are_replaced_in_place() =>
        Gen.Select(Gen.Select(Number, Number, Gen.Int[0, 2]).Array[0, 40], Texts.Of(0, 8)).Sample((values, name) =>
        {
            // Packed lists of one or several, and single values.
            using MemoryStream pieces = new();
            CodedOutputStream output = new(pieces);
            for (int i = 0, length; i < values.Length; i += length)
            {
                length = values[i].Item3 == 0 ? 1 : Math.Min(values[i].Item3, values.Length - i);
                output.WriteTag(4, values[i].Item3 == 0 ? WireFormat.WireType.Fixed32
                    : WireFormat.WireType.LengthDelimited);
                if (values[i].Item3 > 0)
                    output.WriteLength(4 * length);
                for (int k = i; k < i + length; k++)
                    output.WriteFloat(values[k].Item1);
            }
            output.Flush();
            byte[] tensorBytes = [.. new TensorProto { Name = name, DataType = 1,
                Dims = { values.Length } }.ToByteArray(), .. pieces.ToArray()];
            byte[] bytes = new ProtoWriter()
                .Message(7, new ProtoWriter().Message(1, new ProtoWriter().Text(4, "Relu"))
                .Bytes(5, tensorBytes)).Written.ToArray();

            OnnxInitializer tensor = OnnxGraph.Read(bytes).Initializers[0];
            FloatTensor.Read(bytes, tensor).Should().Equal(values.Select(value => value.Item1));
            FloatTensor.Write(bytes, tensor, [.. values.Select(value => value.Item2)]);
            ModelProto.Parser.ParseFrom(bytes).Graph.Initializer[0].Should()
                .Be(new TensorProto
                {
                    Name = name,
                    DataType = 1,
                    Dims = { values.Length },
                    FloatData = { values.Select(value => value.Item2) }
                });
        });

    [Fact]
    public void The_sanity_check_randomises_only_the_chosen_weights()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        // The last layer first.
        string[] weights = ["gemm.weight", "conv2.weight", "conv1.weight"];
        Gen.Select(Gen.Int, Gen.Int[0, 2], Gen.Int[0, 2]).Sample((seed, one, other) =>
        {
            (int first, int last) = (Math.Min(one, other), Math.Max(one, other));
            ModelProto after = ModelProto.Parser.ParseFrom(
                new SanityCheck(model, m => new ScoreCamExplainer(m), new() { Seed = seed }).Randomised(first, last)),
                before = ModelProto.Parser.ParseFrom(Networks.Logits());
            foreach (string name in weights[first..(last + 1)])
            {
                TensorProto drawn = after.Graph.Initializer.Single(tensor => tensor.Name == name),
                    trained = before.Graph.Initializer.Single(tensor => tensor.Name == name);
                drawn.RawData.Should().NotEqual(trained.RawData);
                drawn.RawData = trained.RawData;
            }
            after.Should().Be(before);
        });
    }
}
