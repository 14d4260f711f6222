using ScoreCam.Execution;
using ScoreCam.IO;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Export;

/// <summary>
/// Exports models that explain themselves: a single ONNX file that computes the scores and the saliency map.
/// </summary>
public static class SelfExplainingModel
{
    /// <summary>
    /// Exports a copy of the model with the additional output <c>saliency_map</c>, float32 [batch, 1, H, W], 0…1. The
    /// copy contains only standard operators and runs wherever ONNX runs. The original outputs stay bit-identical.
    /// Before the file is written, the copy is run on two pictures and compared with the original outputs and with the
    /// library's own map.
    /// </summary>
    /// <param name="model">The model. The size of its input must be fixed.</param>
    /// <param name="path">The .onnx file to write.</param>
    /// <param name="options">The method, the layer, and additional inputs and outputs; null uses the defaults.</param>
    /// <exception cref="UnsupportedModelException">
    /// The model does not support this export. The message states the reason.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An option is not valid, or the requested layer is not in the model.
    /// </exception>
    /// <exception cref="ScoreCamException">The results of the copy differ from the model or the library.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SelfExplainingResult Export(this ImageModel model, string path, SelfExplainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        if (!Enum.IsDefined(options.Method))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Method,
                $"Expected one of {string.Join(", ", Enum.GetNames<ExportMethod>())}.");
        using ModelLifetime.Scope use = model.Use();
        var check = new ExportCheck(model, options);
        Require(model);
        byte[] bytes = Build(model, options, LayerOf(model, options));
        float difference = check.Run(bytes);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return new()
        {
            Bytes = bytes.Length,
            AddedBytes = bytes.Length - model.Network.Bytes.Length,
            LargestDifference = difference,
        };
    }

    internal static UnsupportedModelException Refusal(string why, Exception? cause = null) =>
        new($"The model cannot be exported: {why.TrimEnd('.')}.", cause);

    private static byte[] Build(ImageModel model, SelfExplainingOptions options, LayerInfo layer)
    {
        ModelAnalysis analysis = model.Network.Analysis;
        OnnxGraph graph = analysis.Graph;
        SaliencyFacts facts = SaliencyFacts.Of(model, layer);
        var request = new GradientRequest
        {
            Logits = facts.Logits,
            Tensors = [layer.Name],
            Outputs = [.. graph.Outputs.Select(output => output.Name)],
            Batch = model.Input.Batch,
        };
        bool needsGradient = options.Method != ExportMethod.ReciproCam;
        var probe = new TensorProbe(analysis.Factory, batch =>
            model.Input.Shape(batch, facts.InputHeight, facts.InputWidth));
        GradientModel? gradients = needsGradient ? Differentiator.Build(graph, request, probe.Run) : null;
        OnnxGraph source = gradients is null
            ? Differentiator.Prepare(graph, request) : OnnxGraph.Read(gradients.Bytes);

        var edited = new EditableModel(source);
        var saliency = new SaliencyGraph(edited, facts);
        string oneHot = saliency.OneHot(options.ClassInput);
        string raw;
        if (gradients is null)
        {
            var tail = new NetworkTailGraph(source, layer.Name, facts.Logits);
            raw = saliency.Reciprocal(tail, oneHot, model.ScoreKind == ScoreKind.Softmax);
        }
        else
        {
            saliency.Seed(gradients.Seed, oneHot);
            raw = saliency.Combine(options.Method, gradients.Gradients[0]);
        }
        edited.Outputs.Clear();
        edited.Outputs.AddRange(graph.Outputs.Select(output => output with { Range = default }));
        saliency.Outputs(raw, options.Rectifies, options.RawMap);
        edited.Prune(edited.Outputs.Select(output => output.Name));
        return WithMetadata(InOrder(edited.ToBytes()), options, layer);
    }

    /// <summary>Rejects models whose outputs or map an export could not preserve.</summary>
    private static void Require(ImageModel model)
    {
        if (model.Input.Height is null || model.Input.Width is null)
            throw Refusal("the size of its input is free; write the original model with a fixed height and width");
        if (model.Network.Analysis.Graph.Initializers.Any(tensor => tensor.ElementType == ElementType.Float16)
            || model.Input.IsFloat16)
            throw Refusal("it has float16 weights, and the map needs float32, which would change its outputs");
        if (model.Network.Head.ValuesAreProbabilities)
            throw Refusal("its logits are not in the graph, only probabilities");
        if (model.ScoreKind == ScoreKind.Value)
            throw Refusal("it gives one value and no class");
    }

    private static LayerInfo LayerOf(ImageModel model, SelfExplainingOptions options)
    {
        string name = options.Layer is null ? model.DefaultLayer.Name : model.Network.Layers.Find(options.Layer);
        LayerInfo layer = model.Layers.First(layer => layer.Name == name);
        if (options.Method == ExportMethod.Cam)
            // Rejects other networks.
            _ = model.Network.Layers.LinearHeadOn(layer);
        return layer;
    }

    /// <summary>Sorts the nodes. ONNX requires that each node comes after the nodes that it reads from.</summary>
    private static byte[] InOrder(byte[] bytes)
    {
        OnnxGraph graph = OnnxGraph.Read(bytes);
        var ordered = new EditableModel(graph);
        ordered.Nodes.Clear();
        ordered.Nodes.AddRange(graph.Ordered());
        return ordered.ToBytes();
    }

    private static byte[] WithMetadata(byte[] bytes, SelfExplainingOptions options, LayerInfo layer)
    {
        var metadata = new ProtoWriter();
        Add("scorecam.method", options.Method.ToString());
        Add("scorecam.layer", layer.Name);
        Add("scorecam.version", LibraryVersion.Current);
        Add("scorecam.class", options.ClassInput ? $"input {SaliencyGraph.ClassInput}; -1 is the predicted class"
            : "predicted");
        // Protobuf merges appended fields into the message.
        return [.. bytes, .. metadata.ToArray()];

        void Add(string key, string value) => metadata.Message(
            Schema.Model.Metadata, new ProtoWriter().Text(Schema.Entry.Key, key).Text(Schema.Entry.Value, value));
    }
}
