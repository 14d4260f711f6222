using ScoreCam.Fuzz.Mutations;
using ScoreCam.Fuzz.Seeds;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Fuzz.Targets;

/// <summary>All that is done with a model before ONNX Runtime sees it: finding input, scores and layers, tapping, slicing, reading and rewriting weights.</summary>
internal sealed class RewriteTarget : FuzzTarget
{
    public override string Name => "rewrite";

    public override IReadOnlyList<byte[]> Seeds => ModelSeeds.All;

    /// <summary>A few copies of the model, and several lists of its nodes.</summary>
    public override long AllowedBytes(int length) => (1 << 18) + (2048L * length);

    public override byte[] Mutate(byte[] seed, Random random) => OnnxMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file)
    {
        OnnxGraph graph = OnnxGraph.Read(file);
        ExternalData.Check(file, AppContext.BaseDirectory);
        LabelFile.FindInMetadata(graph.Metadata, "model");
        ImageInput input = InputFacts.Find(graph, null);
        ScoreSource source = OutputActivation.Find(graph, null);
        IReadOnlyList<LayerSite> all = LayerFinder.Explainable(graph, source, input.Name), likely = LayerFinder.DefaultCandidates(graph, source, input.Name, 5);
        Tap(graph, source, all);
        Rewrite(file, graph, source.Tensor);
        foreach (LayerSite site in likely.Take(2).Concat(all.Take(1)))
        {
            Try(() => Slice(graph, source, site));
            var layer = new LayerInfo { Name = site.Tensor, NodeName = site.Node.Name, OpType = site.Node.OpType, Channels = 6, Height = 4, Width = 4 };
            Try(() => new LinearHeadFinder(file, graph).Find(layer, site.Layout, source));
        }
    }

    public override bool IsDocumented(Exception exception) => exception is UnsupportedModelException or InvalidDataException;

    /// <summary>A refusal at one layer is no reason not to try the next.</summary>
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
        List<string> taps = [Exposed(source.Tensor, source.Quantization), .. sites.Select(site => Exposed(site.Tensor, site.Quantization))];
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
        byte[] slice = ModelSlice.After(graph, site.Tensor, input, Names(site.Quantization), [source.Tensor, .. Names(source.Quantization)]).ToBytes();
        OnnxGraph after = OnnxGraph.Read(slice);
        if (after.Inputs.All(value => value.Name != input.Name))
            throw new FuzzFailure($"The slice after '{site.Tensor}' lacks its input.");

        static string[] Names(Quantization? quantization) => [.. new[] { quantization?.Scale, quantization?.ZeroPoint }.OfType<string>()];
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
