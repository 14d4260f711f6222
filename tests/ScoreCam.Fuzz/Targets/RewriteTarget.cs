using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Fuzz.Mutations;
using ScoreCam.Fuzz.Seeds;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;

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
        Tap(file, graph, source, all);
        Rewrite(file, graph, source.Tensor);
        foreach (LayerSite site in likely.Take(2).Concat(all.Take(1)))
        {
            Try(() => Slice(file, graph, source, site));
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

    private static void Tap(byte[] file, OnnxGraph graph, ScoreSource source, IReadOnlyList<LayerSite> sites)
    {
        var patch = new GraphPatch(graph);
        List<string> taps = [source.Quantization is null ? source.Tensor : patch.AddDequantize(source.Tensor, source.Quantization)];
        if (!graph.HasTensor(source.Tensor))
            return;
        foreach (LayerSite site in sites)
            taps.Add(site.Quantization is null ? site.Tensor : patch.AddDequantize(site.Tensor, site.Quantization));
        taps.ForEach(tap => patch.AddOutput(tap));
        OnnxGraph tapped = OnnxGraph.Read(patch.Apply(file));
        HashSet<string> outputs = [.. tapped.Outputs.Select(o => o.Name)];
        if (taps.Find(tap => !outputs.Contains(tap)) is { } missing)
            throw new FuzzFailure($"'{missing}' was made an output, and is none.");
        if (tapped.Nodes.Count < graph.Nodes.Count || tapped.Inputs.Count != graph.Inputs.Count)
            throw new FuzzFailure("Tapping changed the graph.");
    }

    private static void Slice(byte[] file, OnnxGraph graph, ScoreSource source, LayerSite site)
    {
        var input = new ImageInput { Name = ModelSlice.InputOf(site), ElementType = TensorElementType.Float, Layout = site.Layout, Channels = 6, Height = 4, Width = 4 };
        byte[] slice = new ModelSlice(file, graph).After(site, source, input);
        OnnxGraph after = OnnxGraph.Read(slice);
        if (after.Inputs.All(value => value.Name != input.Name))
            throw new FuzzFailure($"The slice after '{site.Tensor}' lacks its input.");
    }

    private static void Rewrite(byte[] file, OnnxGraph graph, string scores)
    {
        foreach (WeightLayer layer in WeightLayers.Find(graph, scores).Take(8))
            Try(() =>
            {
                float[] values = FloatTensor.Read(file, layer.Weights);
                byte[] copy = [.. file];
                FloatTensor.Write(copy, layer.Weights, values);
                if (layer.Weights.DataType == 1 && !copy.AsSpan().SequenceEqual(file))
                    throw new FuzzFailure($"Rewriting '{layer.Weights.Name}' with its own values changed the model.");
            });
    }
}
