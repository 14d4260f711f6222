using FluentAssertions;
using Google.Protobuf;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Onnx.Editing;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Onnx;

/// <summary>
/// Local functions are inlined. ONNX Runtime inlines them itself, so a bare session gives the expected values.
/// </summary>
public class FunctionInlinerTests
{
    private const string Domain = "blocks";

    [Fact]
    public void Inlining_nested_functions_keeps_the_scores_of_the_network()
    {
        byte[] network = Network(
            // The stride is an attribute of the function; "Pair" passes it on to one block and leaves it out for the
            // other.
            Function("Block", ["x", "w", "b"], ["y"], ["strides"],
                Node("Conv", ["x", "w", "b"], ["c"], Attribute("pads", 1, 1, 1, 1),
                    Reference("strides", "strides", AttributeProto.Types.AttributeType.Ints)),
                Node("Relu", ["c"], ["y"])),
            Function("Pair", ["x", "w1", "b1", "w2", "b2"], ["first", "second"], ["step"],
                Call("Block", ["x", "w1", "b1"], ["first"],
                    Reference("strides", "step", AttributeProto.Types.AttributeType.Ints)),
                Call("Block", ["first", "w2", "b2"], ["second"])));
        using ImageModel model = ImageModel.Load(network, new() { Preprocessing = Preprocessing.Unit });
        float[] expected = Networks.Run(network, Networks.Picture(), "logits");
        NpyRows.LargestDifference(model.Predict(Networks.Picture()).Logits, expected).Should().BeLessThan(1e-5f);
        LayerInfo layer = model.DefaultLayer;
        (layer.Name, layer.Channels, layer.Height, layer.Width).Should().Be(("features", 10, 12, 10));
        model.Layers.Select(l => l.Name).Should()
            .OnlyHaveUniqueItems().And.HaveCount(4, "two convolutions with their activations");

        // Sessions, tails and their scores come from the inlined model.
        Explanation why = model.Explain(Networks.Picture());
        why.Map.Values.ToArray().Should().Contain(1f);
        new AblationCamExplainer(model)
            .Explain(Networks.Picture(), Target.Class(1), cancellationToken: TestContext.Current.CancellationToken)
            .Logit.Should().BeApproximately(expected[1], 1e-4f);
        Explanation inner = model.Explain(Networks.Picture(), options: new() { Layers = [model.Layers[0].Name] });
        inner.Layers[0].Layer.OpType.Should().Be("Conv");
    }

    [Fact]
    public void A_call_inside_a_branch_is_inlined()
    {
        var branch = new GraphProto { Name = "branch" };
        branch.Node.Add(Call("Block", ["mid", "conv2.weight", "conv2.bias"], ["inner"], Attribute("strides", 1, 1)));
        branch.Output.Add(new ValueInfoProto { Name = "inner" });
        TinyModel model = Start().Conv("conv1", 8, stride: 2).Relu("mid").Weights("conv2.weight", 0.2, 10, 8, 3, 3)
            .Initializer("conv2.bias", [10], new float[10]);
        model.Model.Graph.Initializer.Add(new TensorProto
        {
            Name = "condition",
            DataType = 9,
            RawData =
            ByteString.CopyFrom([1])
        });
        model.Op("If", "features", ["condition"], Attribute("then_branch", branch),
            Attribute("else_branch", branch.Clone()));
        model.Op("GlobalAveragePool", "gap", ["features"]).Flatten("flat").Gemm("logits", 5, 10).Output();
        AddFunctions(model, Function("Block", ["x", "w", "b"], ["y"], ["strides"],
            Node("Conv", ["x", "w", "b"], ["c"], Attribute("pads", 1, 1, 1, 1),
                Reference("strides", "strides", AttributeProto.Types.AttributeType.Ints)),
            Node("Relu", ["c"], ["y"])));
        byte[] network = model.ToBytes();
        using ImageModel loaded = ImageModel.Load(network);
        NpyRows.LargestDifference(loaded.Predict(Networks.Picture()).Logits,
            Networks.Run(network, Networks.Picture(), "logits")).Should().BeLessThan(1e-5f);
        loaded.DefaultLayer.Name.Should().Be("features");
    }

    [Fact]
    public void A_function_that_returns_its_input_and_has_a_default_attribute_is_inlined()
    {
        FunctionProto slope = Function("Slope", ["x"], ["y", "x_again"], [],
            Node("LeakyRelu", ["x"], ["y"], Reference("alpha", "alpha", AttributeProto.Types.AttributeType.Float)),
            Node("Identity", ["x"], ["x_again"]));
        slope.AttributeProto.Add(Attribute("alpha", 0.25f));
        TinyModel model = Start().Conv("conv1", 8);
        model.Op(Domain, "Slope", ["sloped", "same"], ["conv1"]).Add("sum", "sloped", "same").Relu("features")
            .GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5, 8).Output();
        AddFunctions(model, slope);
        byte[] network = model.ToBytes();
        using ImageModel loaded = ImageModel.Load(network);
        NpyRows.LargestDifference(loaded.Predict(Networks.Picture()).Logits,
            Networks.Run(network, Networks.Picture(), "logits")).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Recursive_functions_and_functions_with_too_many_nodes_are_refused()
    {
        byte[] itself = Network(Function("Pair", ["x", "w1", "b1", "w2", "b2"], ["a", "b"], [],
            Call("Pair", ["x", "w1", "b1", "w2", "b2"], ["a", "b"])));
        FluentActions.Invoking(() => FunctionInliner.Inline(itself)).Should().Throw<UnsupportedModelException>()
            .WithMessage("*deep*");

        // Each function calls the next one ten times: 10⁹ nodes.
        List<FunctionProto> tower = [Function("F0", ["x"], ["y"], [], Node("Relu", ["x"], ["y"]))];
        for (int level = 1; level < 10; level++)
            tower.Add(Function($"F{level}", ["x"], ["y"], [],
                [.. Enumerable.Range(0, 10)
                    .Select(i => Call($"F{level - 1}", [i == 0 ? "x" : $"t{i - 1}"], [i == 9 ? "y" : $"t{i}"]))]));
        TinyModel model = Start();
        model.Op(Domain, "F9", ["y"], ["image"]).Output();
        AddFunctions(model, [.. tower]);
        FluentActions.Invoking(() => FunctionInliner.Inline(model.ToBytes())).Should()
            .Throw<UnsupportedModelException>().WithMessage("*more than 1000000 nodes*");
    }

    [Fact]
    public void A_model_without_functions_stays_as_it_is() => FunctionInliner.Inline(Networks.Logits()).Should()
        .BeNull();

    [Fact]
    public void A_function_of_another_operator_version_is_refused()
    {
        FunctionProto function =
            Function("Pair", ["x", "w1", "b1", "w2", "b2"], ["a", "b"], [], Node("Relu", ["x"], ["b"]));
        function.OpsetImport[0].Version = 11;
        FluentActions.Invoking(() => FunctionInliner.Inline(Network(function))).Should()
            .Throw<UnsupportedModelException>().WithMessage("*version 11*version 13*");
    }

    private static TinyModel Start() => new TinyModel(seed: Networks.Seed)
        .Input("image", -1, 3, Networks.Height, Networks.Width);

    private static byte[] Network(params FunctionProto[] functions)
    {
        TinyModel model = Start().Weights("w1", 0.2, 8, 3, 3, 3).Initializer("b1", [8], new float[8])
            .Weights("w2", 0.2, 10, 8, 3, 3).Initializer("b2", [10], new float[10]);
        model.Op(Domain, "Pair", ["middle", "features"], ["image", "w1", "b1", "w2", "b2"], Attribute("step", 2, 2));
        model.Op("GlobalAveragePool", "gap", ["features"]).Flatten("flat").Gemm("logits", 5, 10).Output();
        AddFunctions(model, functions);
        return model.ToBytes();
    }

    private static void AddFunctions(TinyModel model, params FunctionProto[] functions)
    {
        model.Import(Domain);
        model.Model.Functions.AddRange(functions);
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, string[] attributes,
        params NodeProto[] nodes)
    {
        var function = new FunctionProto { Name = name, Domain = Domain };
        function.Input.AddRange(inputs);
        function.Output.AddRange(outputs);
        function.Attribute.AddRange(attributes);
        function.Node.AddRange(nodes);
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 13 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        return function;
    }

    private static NodeProto Node(string opType, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = opType };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    private static NodeProto Call(string function, string[] inputs, string[] outputs,
        params AttributeProto[] attributes)
    {
        NodeProto node = Node(function, inputs, outputs, attributes);
        node.Domain = Domain;
        return node;
    }

    private static AttributeProto Reference(string name, string of, AttributeProto.Types.AttributeType type) =>
        new() { Name = name, RefAttrName = of, Type = type };
}
