using System.Text;
using CsCheck;
using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Fuzz;
using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>The library reads models as Google.Protobuf reads them.</summary>
public class ReaderProperties
{
    [Fact]
    public void Every_field_is_read_as_protobuf_reads_it() =>
        Models.Any.Sample(model => Agreement.Check(model.ToByteArray()), print: model => model.ToString());

    [Fact]
    public void Two_pieces_of_a_model_are_read_as_one() =>
        Gen.Select(Models.Any, Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3]).Sample(
            (model, nodes, tensors, values) =>
            {
                (ModelProto first, ModelProto second) = (model.Clone(), model.Clone());
                Divide(model.Graph.Node, first.Graph.Node, second.Graph.Node, nodes);
                Divide(model.Graph.Initializer, first.Graph.Initializer, second.Graph.Initializer, tensors);
                Divide(model.Graph.Output, first.Graph.Output, second.Graph.Output, values);
                return Agreement.Check([.. second.ToByteArray(), .. first.ToByteArray()]);
            },
            print: sample =>
                $"nodes from {sample.Item2}, tensors from {sample.Item3}, outputs from {sample.Item4} on of "
                + $"{sample.Item1}");

    [Fact]
    public void Names_of_any_length_are_read() =>
        Gen.Select(Texts.Character.Where(character => character.Value > ' '),
            Gen.OneOf(Gen.Int[1, 300], Gen.Int[1, 100_000]), Gen.Int[0, 9]).Sample((character, bytes, place) =>
        {
            string name = string.Concat(Enumerable.Repeat(character, bytes / character.Utf8SequenceLength))
                + new string('+', bytes % character.Utf8SequenceLength);
            Encoding.UTF8.GetByteCount(name).Should().Be(bytes);
            return Agreement.Check(Named(name, place).ToByteArray());
        });

    /// <summary>
    /// The values of small integer constants, which give shapes and axes. They are read if they are complete and few.
    /// </summary>
    [Fact]
    public void Only_small_integer_constants_are_read() =>
        Gen.Select(Models.Tensor, Gen.Int[0, 2], Gen.Int[0, 20]).Sample(
            (tensor, form, count) =>
            {
                // Without this, few random shapes would fit their values.
                if (form > 0)
                    Fit(tensor, count, raw: form == 1);
                var model = new ModelProto
                {
                    Graph =
                    new() { Node = { new NodeProto { OpType = "Relu" } }, Initializer = { tensor } }
                };
                IReadOnlyList<long>? read = OnnxGraph.Read(model.ToByteArray()).Initializers[0].Integers,
                    expected = Integers(tensor);
                (read is null).Should().Be(expected is null);
                if (read is not null)
                    read.Should().Equal(expected);
            },
            print: sample => sample.ToString());

    /// <summary>Gives a tensor this number of values, and the shape of a list of its values.</summary>
    private static void Fit(TensorProto tensor, int count, bool raw)
    {
        bool isLong = tensor.DataType == TinyModel.DataType.Int64;
        if (raw)
            tensor.RawData = ByteString.CopyFrom(
                [.. Enumerable.Range(0, count * (isLong ? 8 : 4)).Select(i => (byte)(7 * i))]);
        else
            tensor.ClearRawData();
        count = raw ? count : isLong ? tensor.Int64Data.Count : tensor.Int32Data.Count;
        tensor.Dims.Clear();
        tensor.Dims.Add(count);
    }

    private static long[]? Integers(TensorProto tensor)
    {
        bool isLong = tensor.DataType == TinyModel.DataType.Int64;
        long count = tensor.Dims.Count == 0 ? 1 : tensor.Dims[0];
        if (tensor.Dims.Count > 1 || count is < 0 or > 16 || !(isLong || tensor.DataType == TinyModel.DataType.Int32))
            return null;
        if (tensor.HasRawData)
        {
            byte[] raw = tensor.RawData.ToByteArray();
            return raw.Length != count * (isLong ? 8 : 4) ? null
                : isLong ? [.. raw.Chunk(8).Select(bytes => BitConverter.ToInt64(bytes))]
                    : [.. raw.Chunk(4).Select(bytes => (long)BitConverter.ToInt32(bytes))];
        }
        long[] listed = isLong ? [.. tensor.Int64Data] : [.. tensor.Int32Data.Select(value => (long)value)];
        return listed.Length == count ? listed : null;
    }

    private static void Divide<T>(IList<T> all, IList<T> first, IList<T> second, int at)
    {
        for (int i = all.Count - 1; i >= 0; i--)
            (i < at ? first : second).RemoveAt(i);
    }

    private static ModelProto Named(string name, int place)
    {
        var node = new NodeProto { OpType = "Relu", Input = { "x" }, Output = { "y" } };
        var model = new ModelProto { Graph = new() { Node = { node } } };
        switch (place)
        {
            case 0: node.Input.Add(name); break;
            case 1: node.Output.Add(name); break;
            case 2: node.OpType = name; break;
            case 3: node.Name = name; break;
            case 4: node.Attribute.Add(new AttributeProto { Name = name, I = 3 }); break;
            case 5: model.Graph.Input.Add(new ValueInfoProto { Name = name }); break;
            case 6: model.Graph.Output.Add(new ValueInfoProto { Name = name }); break;
            case 7: model.Graph.Initializer.Add(new TensorProto { Name = name }); break;
            case 8: model.MetadataProps.Add(new StringStringEntryProto { Key = name, Value = name }); break;
            default: model.OpsetImport.Add(new OperatorSetIdProto { Domain = name, Version = 3 }); break;
        }
        return model;
    }
}
