using Google.Protobuf;
using ScoreCam.Tests.Onnx;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Fuzz.Seeds;

/// <summary>Models to start from: small models of every kind, and real models without their weights.</summary>
internal static class ModelSeeds
{
    /// <summary>Longer weights are truncated, so that changes affect the graph.</summary>
    private const int MostWeights = 64;

    /// <summary>Larger models give slow cases even without weights, so they are left out.</summary>
    private const int MostBytes = 40_000;

    public static IReadOnlyList<byte[]> All { get; } =
        [.. Tiny().Select(model => model.ToBytes()),
        .. Enumerable.Range(0, 12).Select(seed => RandomModel.Build(seed).ToByteArray()), .. Real()];

    private static IEnumerable<TinyModel> Tiny()
    {
        yield return new TinyModel().Input("image", -1, 3, 8, 8).Quantize("q", 0.1f, 3).Dequantize("dq")
            .Conv("conv", 4).Relu("relu").MaxPool("pool").Conv("conv2", 6).Sigmoid("gate")
            .Mul("silu", "conv2", "gate").GlobalAveragePool("gap").Reshape("vector", -1, 6).MatMul("fc", 5)
                .Softmax("p").Output(dims: [-1, 5]);
        yield return new TinyModel().Input("x", 1, 3, 6, 6).Conv("c", 4).Relu("r").GlobalAveragePool("g").Flatten("f")
            .Gemm("y", 3).Output(dims: [1, 3]);
        yield return new TinyModel().Input("x", -1, 6, 6, 3).Transpose("t", 0, 3, 1, 2).Conv("c", 4).Relu("r")
            .GlobalAveragePool("g").Flatten("f").Gemm("l", 3).Sigmoid("y").Output(dims: [-1, 3]);
        yield return Branching();
        yield return Outside();
    }

    /// <summary>A model with a subgraph, metadata and a sparse tensor.</summary>
    private static TinyModel Branching()
    {
        var branch = new GraphProto();
        branch.Node.Add(new NodeProto { OpType = "Softmax", Input = { "c" }, Output = { "inner" } });
        branch.Initializer.Add(new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, FloatData = { 1 } });
        branch.Output.Add(new ValueInfoProto { Name = "inner" });
        TinyModel model = new TinyModel().Input("x", 1, 3, 4, 4).Conv("c", 2)
            .Op("If", "y", ["condition"], Attribute("then_branch", branch), Attribute("else_branch", branch))
                .GlobalAveragePool("g", "c").Flatten("f").Gemm("z", 2).Output(dims: [1, 2]);
        model.Model.Graph.SparseInitializer.Add(new SparseTensorProto
        {
            Values = new TensorProto { Name = "sparse", DataType = 1, Dims = { 1 }, FloatData = { 2 } },
            Indices = new TensorProto { DataType = 7, Dims = { 1 }, Int64Data = { 1 } },
            Dims = { 3 },
        });
        model.Model.MetadataProps.Add(new StringStringEntryProto { Key = "names", Value = "{0: 'no', 1: 'yes'}" });
        return model;
    }

    /// <summary>A model with weights in another file.</summary>
    private static TinyModel Outside()
    {
        TinyModel model = new TinyModel().Input("x", 1, 3, 4, 4).Initializer("w", [1], 1f).Mul("m", "x", "w")
            .Conv("c", 2).GlobalAveragePool("g").Flatten("f").Gemm("z", 2).Output(dims: [1, 2]);
        TensorProto tensor = model.Model.Graph.Initializer[0];
        tensor.DataLocation = 1;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "ScoreCam.dll" });
        return model;
    }

    private static IEnumerable<byte[]> Real()
    {
        string[] folders = [Path.Combine(SharedFolder.Repository, "models"), Path.Combine(SharedFolder.Root, "models")];
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(file => Stripped(File.ReadAllBytes(file))).Where(model => model.Length <= MostBytes);
    }

    private static byte[] Stripped(byte[] model)
    {
        ModelProto proto = ModelProto.Parser.ParseFrom(model);
        foreach (TensorProto tensor in proto.Graph.Initializer)
        {
            if (tensor.RawData.Length > MostWeights)
                tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..MostWeights]);
            while (tensor.FloatData.Count > MostWeights)
                tensor.FloatData.RemoveAt(tensor.FloatData.Count - 1);
        }
        return proto.ToByteArray();
    }
}
