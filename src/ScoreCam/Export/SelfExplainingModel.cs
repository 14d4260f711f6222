using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Editing.Differentiation;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Onnx.Wire;
using ScoreCam.Targets;

namespace ScoreCam.Export;

/// <summary>Writes models that explain themselves: one ONNX file gives the scores and the saliency map.</summary>
public static class SelfExplainingModel
{
    /// <summary>The largest difference from the library's own map with which a file is written.</summary>
    private const float Tolerance = 1e-5f;

    /// <summary>
    /// Writes a copy of the model with the output <c>saliency_map</c>, float32 [batch, 1, H, W] of 0…1. It runs
    /// wherever ONNX runs, has standard operators only, and keeps the original outputs bit for bit. Before the file is
    /// written, the new model is run on two pictures and compared with the original outputs and with the library's own
    /// map.
    /// </summary>
    /// <param name="model">The model. The size of its input must be fixed.</param>
    /// <param name="path">The .onnx file to write.</param>
    /// <param name="options">Method, layer, and further inputs and outputs; null takes the defaults.</param>
    /// <exception cref="UnsupportedModelException">
    /// The model cannot explain itself; the message gives the reason.
    /// </exception>
    /// <exception cref="ArgumentException">An option is not valid, or the model has no such layer.</exception>
    /// <exception cref="ScoreCamException">The new model does not agree with the library.</exception>
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
        LayerExplainer explainer = ExplainerOf(model, options);
        byte[] bytes = Build(model, options);
        float difference = Check(model, bytes, explainer, options);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return new()
        {
            Bytes = bytes.Length,
            AddedBytes = bytes.Length - model.Network.Bytes.Length,
            LargestDifference = difference,
        };
    }

    private static byte[] Build(ImageModel model, SelfExplainingOptions options)
    {
        ModelAnalysis analysis = model.Network.Analysis;
        OnnxGraph graph = analysis.Graph;
        Require(model);
        LayerInfo layer = LayerOf(model, options);
        if (layer.Layout == FeatureLayout.Tokens)
            throw Refusal($"the layer '{layer.Name}' has tokens, and the export writes maps of rows and columns only");
        if (options.Method == ExportMethod.Cam)
            _ = model.Network.Layers.LinearHeadOn(layer);

        ImageInput input = model.Input;
        string[] outputs = [.. graph.Outputs.Select(output => output.Name)];
        var request = new GradientRequest
        {
            Logits = analysis.Source.Tensor,
            Tensors = [layer.Name],
            Outputs = outputs,
            Batch = input.Batch,
        };
        var probe = new TensorProbe(analysis.Factory, batch =>
            input.Shape(batch, input.Height!.Value, input.Width!.Value));
        GradientModel gradients = Differentiator.Build(graph, request, probe.Run);
        if (input.Batch is null && gradients.Batch is not null)
            throw Refusal("its batch is free, but the network runs one picture at a time only");

        OnnxGraph source = OnnxGraph.Read(gradients.Bytes);
        var edited = new EditableModel(source);
        var facts = new SaliencyFacts(
            request.Logits, analysis.Values, layer.Name, layer.Layout == FeatureLayout.Nhwc, layer.Channels,
                layer.Height,
            layer.Width, input.Height!.Value, input.Width!.Value);
        var saliency = new SaliencyGraph(edited, facts);
        string oneHot = saliency.OneHot(options.ClassInput);
        saliency.Seed(gradients.Seed, oneHot);
        edited.Outputs.Clear();
        edited.Outputs.AddRange(graph.Outputs.Select(output => output with { Range = default }));
        bool isReciprocal = options.Method == ExportMethod.ReciproCam;
        string raw = isReciprocal
            ? saliency.Reciprocal(Tail(source, layer.Name, request.Logits), oneHot,
                model.ScoreKind == ScoreKind.Softmax)
            : saliency.Combine(options.Method, gradients.Gradients[0]);
        saliency.Outputs(raw, rectifies: options.Method != ExportMethod.Cam && !isReciprocal, options.RawMap);
        edited.Prune(edited.Outputs.Select(output => output.Name));
        return WithMetadata(InOrder(edited.ToBytes()), options, layer);
    }

    /// <summary>Refuses what the export cannot keep bit for bit.</summary>
    private static void Require(ImageModel model)
    {
        if (model.Input.Height is null || model.Input.Width is null)
            throw Refusal("the size of its input is free; export it with a fixed height and width");
        if (model.Network.Analysis.Graph.Initializers.Any(tensor => tensor.ElementType == ElementType.Float16)
            || model.Input.IsFloat16)
            throw Refusal("it has float16 weights, and the gradient needs float32, which would change its outputs");
        if (model.Network.Head.ValuesAreProbabilities)
            throw Refusal("its logits are not in the graph, only probabilities");
        if (model.ScoreKind == ScoreKind.Value)
            throw Refusal("it gives one value and no class");
    }

    /// <summary>The nodes between the layer and the logits, each after those it reads from.</summary>
    private static List<OnnxNode> Tail(OnnxGraph graph, string layer, string logits)
    {
        HashSet<string> after = graph.Descendants([layer], GradientRules.StopsGradient),
            before = graph.Ancestors(logits);
        return [.. graph.Ordered().Where(node =>
            node.Outputs.Any(before.Contains) && node.Inputs.Any(after.Contains) && !node.Outputs.Contains(layer))];
    }

    /// <summary>ONNX asks that each node comes after those it reads from.</summary>
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
        // Protobuf merges what follows a message into it.
        return [.. bytes, .. metadata.ToArray()];

        void Add(string key, string value) => metadata.Message(
            Schema.Model.Metadata, new ProtoWriter().Text(Schema.Entry.Key, key).Text(Schema.Entry.Value, value));
    }

    /// <summary>
    /// The largest difference from the library's map. Throws where the original outputs differ at all.
    /// </summary>
    private static float Check(ImageModel model, byte[] bytes, LayerExplainer explainer, SelfExplainingOptions options)
    {
        Network network = model.Network;
        using var original = new WholeModel(network.Analysis.Factory, network.Bytes.ToArray(), model.Input);
        using var exported = new WholeModel(network.Analysis.Factory, bytes, model.Input);
        float largest = 0;
        foreach (PreparedImage picture in Pictures(model))
        {
            var planes = new float[picture.Tensor.Length];
            model.ToNetworkInput(picture).Write(planes);
            (string, long)? chosen = options.ClassInput ? (SaliencyGraph.ClassInput, -1) : null;
            Dictionary<string, byte[]> before = original.Run(planes, picture.Height, picture.Width);
            Dictionary<string, byte[]> after = exported.Run(planes, picture.Height, picture.Width, chosen);
            foreach ((string name, byte[] values) in before)
                if (!after.TryGetValue(name, out byte[]? kept) || !kept.AsSpan().SequenceEqual(values))
                    throw new ScoreCamException(
                        $"The exported model does not keep the output '{name}' bit for bit; it was not written.");
            Explanation why = explainer.Explain(picture, Target.Predicted);
            ReadOnlySpan<float> map =
                System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(after[SaliencyGraph.Map]);
            for (int i = 0; i < why.Map.Values.Length; i++)
                largest = Math.Max(largest, Math.Abs(map[i] - why.Map.Values[i]));
        }
        return largest <= Tolerance ? largest
            : throw new ScoreCamException(
                $"The map of the exported model differs from the library's by up to {largest:g2}, more than "
                    + $"{Tolerance:g1}; it was not written.");
    }

    /// <summary>A picture of noise, and one of smooth colours.</summary>
    private static IEnumerable<PreparedImage> Pictures(ImageModel model)
    {
        (int height, int width) = (model.Input.Height!.Value, model.Input.Width!.Value);
        byte[] noise = new byte[height * width * 3], smooth = new byte[noise.Length];
        var random = new SeededRandom(0);
        for (int i = 0; i < noise.Length; i++)
        {
            (int row, int column, int color) = (i / 3 / width, i / 3 % width, i % 3);
            noise[i] = (byte)random.Next(256);
            smooth[i] = (byte)(127 + (120 * Math.Sin((row * (color + 1) / 17.0) + (column / 23.0))));
        }
        yield return model.Prepare(new RgbImage(width, height, noise));
        yield return model.Prepare(new RgbImage(width, height, smooth));
    }

    private static LayerExplainer ExplainerOf(ImageModel model, SelfExplainingOptions options)
    {
        LayerOptions layers = new() { Layers = options.Layer is null ? [] : [options.Layer] };
        return options.Method switch
        {
            ExportMethod.GradCam => new GradCamExplainer(model, layers),
            ExportMethod.HiResCam => new HiResCamExplainer(model, layers),
            ExportMethod.LayerCam => new LayerCamExplainer(model, new() { Layers = layers.Layers }),
            ExportMethod.Cam => new CamExplainer(model, layers),
            _ => new ReciproCamExplainer(model, new() { Layers = layers.Layers }),
        };
    }

    private static LayerInfo LayerOf(ImageModel model, SelfExplainingOptions options)
    {
        string name = options.Layer is null ? model.DefaultLayer.Name : model.Network.Layers.Find(options.Layer);
        return model.Layers.First(layer => layer.Name == name);
    }

    private static UnsupportedModelException Refusal(string why) => new($"The model cannot be exported: {why}.");
}
