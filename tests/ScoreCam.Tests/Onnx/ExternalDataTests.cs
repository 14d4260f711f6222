using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// Weights in other files: wherever a tensor is in a model, its file must be in the model's folder.
/// </summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Places =>
        ["initializer", "sparse values", "sparse indices", "attribute", "list of attributes", "sparse attribute",
        "list of sparse attributes", "subgraph", "subgraph of a list", "function", "attribute of a function",
        "training", "training from the start"];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_file_outside_of_the_folder_is_refused_wherever_the_tensor_is(string place)
    {
        _folder.File("weights.bin", "1234");
        ModelProto model = With(place, Outside("../weights.bin"));
        Check(model).Should().Throw<UnsupportedModelException>()
            .WithMessage("*'w'*'../weights.bin', outside of the model's folder*");
        FluentActions.Invoking(() => ExternalData.Check(model.ToByteArray(), null)).Should()
            .Throw<UnsupportedModelException>().WithMessage("*'w' are in another file*");
        Check(With(place, Outside("weights.bin"))).Should().NotThrow();
    }

    [Theory]
    [InlineData("/etc/passwd", "outside")]
    [InlineData("sub/../../weights.bin", "outside")]
    [InlineData("..", "outside")]
    [InlineData("a\0b", "outside")]
    [InlineData("", "no such file")]
    [InlineData("missing.bin", "no such file")]
    [InlineData(null, "does not name the file")]
    public void Invalid_locations_are_refused(string? location, string message) =>
        Check(With("initializer", Outside(location))).Should().Throw<UnsupportedModelException>()
            .WithMessage($"*{message}*");

    [Fact]
    public void A_sibling_folder_with_the_same_prefix_is_outside_and_so_is_every_full_path()
    {
        string inside = _folder.File("weights.bin", "1234");
        foreach (string location in new[] { $"../{Path.GetFileName(_folder.Path)}-beside/weights.bin", inside })
            Check(With("initializer", Outside(location))).Should().Throw<UnsupportedModelException>()
                .WithMessage("*outside of the model's folder*");
    }

    [Fact]
    public void All_locations_that_protobuf_could_merge_into_the_tensor_are_checked()
    {
        // Two pieces of one tensor: the flag in one, the path in the other.
        byte[] path = new TensorProto
        {
            Name = "w",
            ExternalData = { new StringStringEntryProto { Key = "location", Value = "../x" } }
        }.ToByteArray();
        byte[] flag = new TensorProto
        {
            DataLocation = 1,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = "weights.bin" } }
        }.ToByteArray();
        foreach (byte[] tensor in new[] { [.. path, .. flag], path })
        {
            byte[] model = new ProtoWriter().Message(7, new ProtoWriter().Bytes(5, tensor)).Written.ToArray();
            FluentActions.Invoking(() => ExternalData.Check(model, _folder.Path)).Should()
                .Throw<UnsupportedModelException>().WithMessage("*outside*");
        }
    }

    [Fact]
    public void Damaged_and_too_deeply_nested_models_are_refused()
    {
        FluentActions.Invoking(() => ExternalData.Check([0x3a, 5, 1], _folder.Path)).Should()
            .Throw<UnsupportedModelException>().WithMessage("*damaged*");
        var graph = new ProtoWriter();
        for (int depth = 0; depth < 5000; depth++)
            graph = new ProtoWriter().Message(1, new ProtoWriter().Message(5, new ProtoWriter().Message(6, graph)));
        byte[] model = new ProtoWriter().Message(7, graph).Written.ToArray();
        FluentActions.Invoking(() => ExternalData.Check(model, _folder.Path)).Should()
            .Throw<UnsupportedModelException>().WithMessage("*nested*");
    }

    private Action Check(ModelProto model) => () => ExternalData.Check(model.ToByteArray(), _folder.Path);

    private static TensorProto Outside(string? location)
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, DataLocation = 1 };
        if (location is not null)
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        return tensor;
    }

    private static ModelProto With(string place, TensorProto tensor)
    {
        var model = new TinyModel().Input("x", 1, 3, 4, 4).Relu("y").Output().Model;
        var inner = new GraphProto { Initializer = { tensor } };
        var constant = new AttributeProto { Name = "value", T = tensor };
        NodeProto node = model.Graph.Node[0];
        switch (place)
        {
            case "initializer": model.Graph.Initializer.Add(tensor); break;
            case "sparse values": model.Graph.SparseInitializer.Add(new SparseTensorProto { Values = tensor }); break;
            case "sparse indices": model.Graph.SparseInitializer.Add(new SparseTensorProto { Indices = tensor }); break;
            case "attribute": node.Attribute.Add(constant); break;
            case "list of attributes": node.Attribute.Add(new AttributeProto { Tensors = { tensor } }); break;
            case "sparse attribute":
                node.Attribute.Add(
                new AttributeProto { SparseTensor = new SparseTensorProto { Values = tensor } }); break;
            case "list of sparse attributes":
                node.Attribute.Add(
                new AttributeProto { SparseTensors = { new SparseTensorProto { Values = tensor } } }); break;
            case "subgraph": node.Attribute.Add(new AttributeProto { G = inner }); break;
            case "subgraph of a list": node.Attribute.Add(new AttributeProto { Graphs = { inner } }); break;
            case "function":
                model.Functions.Add(
                new FunctionProto
                {
                    Node =
                { new NodeProto { OpType = "Constant", Attribute = { constant } } }
                }); break;
            case "attribute of a function":
                model.Functions.Add(
                new FunctionProto { AttributeProto = { constant } }); break;
            case "training from the start":
                model.TrainingInfo.Add(
                new TrainingInfoProto { Initialization = inner }); break;
            case "training": model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = inner }); break;
            default: throw new ArgumentOutOfRangeException(nameof(place), place, null);
        }
        return model;
    }
}
