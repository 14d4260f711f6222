using ScoreCam.Fuzz.Mutations;
using ScoreCam.Fuzz.Seeds;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Fuzz.Targets;

/// <summary>
/// All steps on a model except running it: finding input, scores and layers, inlining, tapping, slicing, reading and
/// rewriting weights.
/// </summary>
internal sealed class RewriteTarget : FuzzTarget
{
    public override string Name => "rewrite";

    public override IReadOnlyList<byte[]> Seeds => ModelSeeds.All;

    /// <summary>
    /// Shapes that a run could give. They need not fit the operators, because the model does not run here.
    /// </summary>
    private static readonly long[][] Shapes =
        [[1, 6, 4, 4], [1, 4, 4, 6], [1, 16, 6], [1, 6, 16], [1, 96], [1, 6, 1, 1], [1, 17, 6], [2, 3, 2, 8]];

    /// <summary>A few copies of the model, and several lists of its nodes.</summary>
    public override long AllowedBytes(int length) => (1 << 18) + (2048L * length);

    public override byte[] Mutate(byte[] seed, Random random) => OnnxMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file)
    {
        OnnxGraph graph = OnnxGraph.Read(file);
        ExternalData.Check(file, AppContext.BaseDirectory);
        LabelFile.FindInMetadata(graph.Metadata, "model");
        ImageInput input = InputFacts.Find(graph, null);
        var flow = new ImageFlow(graph, input.Name);
        ScoreSource source = OutputActivation.Find(graph, flow, null);
        ScoreBounds.Candidates(graph, flow, source.Tensor);
        UnsteadyNodes.Find(graph, source.Tensor);
        InputArithmetic.Find(graph, input.Name);
        ExporterMetadata.Read(graph);
        Try(() => FunctionInliner.Inline(file));
        var finder = new LayerFinder(graph, flow, input.Name, input.Layout, source.Tensor, Invented(graph, input));
        LayerSite?[] likely = [finder.Default(5).Site, .. finder.Sites.Take(2)];
        Tap(graph, source, finder.Sites);
        Rewrite(file, graph, source.Tensor);
        foreach (LayerSite site in likely.OfType<LayerSite>())
        {
            Try(() => Slice(graph, source, site));
            var layer = new LayerInfo
            {
                Name = site.Tensor,
                NodeName = site.Node.Name,
                OpType = site.Node.OpType,
                Channels = 6,
                Height = 4,
                Width = 4
            };
            Try(() => new LinearHeadFinder(file, graph).Find(layer, TensorLayout.Nchw, source));
        }
    }

    public override bool IsDocumented(Exception exception) =>
        exception is UnsupportedModelException or InvalidDataException;

    private static TensorShapes Invented(OnnxGraph graph, ImageInput input)
    {
        Dictionary<string, IReadOnlyList<long>> shapes =
            new() { [input.Name] = input.Layout == TensorLayout.Nchw ? [1, 3, 4, 4] : [1, 4, 4, 3] };
        foreach (string tensor in graph.Nodes.SelectMany(node => node.Outputs).Where(tensor => tensor.Length > 0))
            shapes.TryAdd(tensor, Shapes[tensor.Sum(letter => letter) % Shapes.Length]);
        return new TensorShapes(shapes, new Dictionary<string, IReadOnlyList<long>>());
    }

    /// <summary>The next layer is tried even if one layer is refused.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (UnsupportedModelException)
        {
        }
    }

    private static void Tap(OnnxGraph graph, ScoreSource source, IReadOnlyList<LayerSite> sites)
    {
        if (!graph.HasTensor(source.Tensor))
            return;
        var model = new EditableModel(graph);
        List<string> taps = [Exposed(source.Tensor, source.Quantization),
            .. sites.Select(site => Exposed(site.Tensor, site.Quantization))];
        taps.ForEach(model.AddOutput);
        OnnxGraph tapped = OnnxGraph.Read(model.ToBytes());
        HashSet<string> outputs = [.. tapped.Outputs.Select(o => o.Name)];
        if (taps.Find(tap => !outputs.Contains(tap)) is { } missing)
            throw new FuzzFailure($"'{missing}' was made an output, and is none.");
        if (tapped.Nodes.Count < graph.Nodes.Count || tapped.Inputs.Count != graph.Inputs.Count)
            throw new FuzzFailure("Tapping changed the graph.");

        string Exposed(string tensor, Quantization? quantization) =>
            quantization is null ? tensor : model.AddDequantize(tensor, quantization.Scale, quantization.ZeroPoint);
    }

    private static void Slice(OnnxGraph graph, ScoreSource source, LayerSite site)
    {
        string name = ModelSlice.InputOf(site.Tensor, site.Quantization is not null);
        var input = new OnnxValue { Name = name, ElementType = ElementType.Float, Dims = [-1, 6, 4, 4] };
        byte[] slice = ModelSlice.After(graph, site.Tensor, input, Names(site.Quantization), [],
            [source.Tensor, .. Names(source.Quantization)]).ToBytes();
        OnnxGraph after = OnnxGraph.Read(slice);
        if (after.Inputs.All(value => value.Name != input.Name))
            throw new FuzzFailure($"The slice after '{site.Tensor}' lacks its input.");

        static string[] Names(Quantization? quantization) =>
            [.. new[] { quantization?.Scale, quantization?.ZeroPoint }.OfType<string>()];
    }

    private static void Rewrite(byte[] file, OnnxGraph graph, string scores)
    {
        foreach (WeightLayer layer in WeightLayers.Find(graph, scores).Take(8))
            Try(() =>
            {
                float[] values = FloatTensor.Read(file, layer.Weights);
                byte[] copy = [.. file];
                FloatTensor.Write(copy, layer.Weights, values);
                if (layer.Weights.ElementType == ElementType.Float && !copy.AsSpan().SequenceEqual(file))
                    throw new FuzzFailure($"Rewriting '{layer.Weights.Name}' with its own values changed the model.");
            });
    }
}
