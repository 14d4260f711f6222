using Microsoft.ML.OnnxRuntime;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// The layers of a network that can be explained, and the sessions that compute their activations. Thread-safe.
/// </summary>
internal sealed class LayerCatalog
{
    /// <summary>The largest number of tensors that a message lists.</summary>
    private const int MostCandidates = 4;

    private readonly ModelAnalysis _model;
    private readonly Dictionary<string, LayerSite> _sites;

    public LayerCatalog(ModelAnalysis model)
    {
        _model = model;
        _sites = model.Layers.Sites.ToDictionary(site => site.Tensor);
        All = [.. model.Layers.Sites.OrderBy(site => site.Node.Index).Select(site => site.ToInfo())];
    }

    /// <summary>The layer that is explained by default.</summary>
    /// <exception cref="UnsupportedModelException">
    /// No tensor of the network contains activation maps, or its last features are tokens.
    /// </exception>
    public LayerInfo Default =>
        _model.DefaultLayer.Site?.ToInfo() ?? throw new UnsupportedModelException(WhyNoDefault());

    public string? DefaultName => _model.DefaultLayer.Site?.Tensor;

    /// <summary>All tensors that can be explained, in graph order.</summary>
    public IReadOnlyList<LayerInfo> All { get; }

    /// <summary>Finds the tensor of a layer by its own name, or by the name of the node that computes it.</summary>
    /// <exception cref="ArgumentException">The layer does not exist. The message suggests similar names.</exception>
    /// <exception cref="UnsupportedModelException">The tensor contains no activation maps.</exception>
    public string Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_sites.ContainsKey(name))
            return name;
        LayerInfo? byNode = All.FirstOrDefault(layer => layer.NodeName.Length > 0 && layer.NodeName == name);
        if (byNode is not null)
            return byNode.Name;
        if (_model.Layers.Shape(name) is { } shape)
            throw new UnsupportedModelException(
                $"The layer '{name}' with the shape [{string.Join(", ", shape)}] has no maps: its axes are not the "
                + "picture's rows and columns, or it has only one position. Choose a layer of ImageModel.Layers.");
        IEnumerable<string> known = All.SelectMany(layer => new[] { layer.Name, layer.NodeName });
        string? near = Suggestion.DidYouMean(name, known);
        string why = _model.Graph.HasTensor(name)
            ? "it does not lie between the picture and the scores" : "ImageModel.Layers lists what there is";
        throw new ArgumentException(
            $"The network has no layer '{name}' that can be explained{near ?? $": {why}."}", nameof(name));
    }

    /// <summary>Opens a session that computes the scores and the activations of layers.</summary>
    public NetworkSession Open(SessionKey key)
    {
        var model = new EditableModel(_model.Graph);
        string scores = NetworkSurvey.Exposed(model, _model.Source.Tensor, _model.Source.Quantization);
        string[] taps = [.. key.Taps.Select(
            tap => NetworkSurvey.Exposed(model, tap, _sites.GetValueOrDefault(tap)?.Quantization))];
        return new NetworkSession(_model.Factory.Open(model.ToBytes()), _model.Input.Name, scores, taps);
    }

    /// <summary>Returns the name of the input of <see cref="OpenTail"/>.</summary>
    public string TailInput(string layer) => ModelSlice.InputOf(layer, _sites[layer].Quantization is not null);

    /// <summary>Returns the tensors through which the picture bypasses a layer on the way to the scores.</summary>
    public IReadOnlyList<string> BypassesOf(string layer) =>
        ModelSlice.Bypasses(_model.Graph, layer, _model.Source.Tensor);

    /// <summary>Opens the part of the network after a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The layer as an input.</param>
    /// <param name="bypasses">The values of <see cref="BypassesOf"/> for a picture.</param>
    public NetworkSession OpenTail(
        string layer, ImageInput input, IReadOnlyList<(string Name, TensorBatch Value)> bypasses)
    {
        long[] dims = input.Shape(input.Batch ?? -1, input.Height!.Value, input.Width!.Value);
        var value = new OnnxValue { Name = input.Name, ElementType = (ElementType)input.ElementType, Dims = dims };
        ScoreSource source = _model.Source;
        EditableModel tail = ModelSlice.After(
            _model.Graph,
            layer,
            value,
            Names(_sites[layer].Quantization),
            [.. bypasses.Select(bypass => Declaration(bypass.Name, bypass.Value))],
            [source.Tensor, .. Names(source.Quantization)]);
        string scores = NetworkSurvey.Exposed(tail, source.Tensor, source.Quantization);
        InferenceSession session = _model.Factory.Open(tail.ToBytes());
        return new(session, input.Name, scores, [], [.. bypasses.Select(b => (b.Name, b.Value.ToOrtValue()))]);
    }

    /// <summary>
    /// Returns the weights of the classifier, if the classifier is global average pooling and one linear layer directly
    /// on this layer.
    /// </summary>
    /// <exception cref="UnsupportedModelException">The classifier does not have this form.</exception>
    public LinearHead LinearHeadOn(LayerInfo layer) =>
        new LinearHeadFinder(_model.Graph.Bytes, _model.Graph).Find(layer, LayoutOf(layer.Name), _model.Source);

    /// <summary>Returns whether channels come before the image positions, or after them, as in tokens.</summary>
    public TensorLayout LayoutOf(string layer) =>
        _sites[layer].Shape.Layout == FeatureLayout.Nchw ? TensorLayout.Nchw : TensorLayout.Nhwc;

    /// <summary>Returns the layer with the size from a run, for networks that accept any size of picture.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="shape">The shape of its tensor.</param>
    /// <param name="picture">The height and width of the picture.</param>
    /// <exception cref="UnsupportedModelException">The output contains no activation maps.</exception>
    public LayerInfo Describe(string layer, IReadOnlyList<long> shape, (int Height, int Width) picture)
    {
        LayerSite site = _sites[layer];
        if (site.IsTokens)
            return DescribeTokens(site, shape, picture);
        (int channel, int row, int column) = site.Shape.Layout == FeatureLayout.Nchw ? (1, 2, 3) : (3, 1, 2);
        if (shape.Count != 4 || shape.Any(size => size < 1) || shape[row] * shape[column] == 1)
            throw new UnsupportedModelException(
                $"The layer '{layer}' with the shape [{string.Join(", ", shape)}] has no maps. A tensor of four "
                + "dimensions with more than one position was expected. Choose a layer of ImageModel.Layers.");
        return site.ToInfo() with
        {
            Channels = checked((int)shape[channel]),
            Height = checked((int)shape[row]),
            Width = checked((int)shape[column]),
        };
    }

    /// <summary>
    /// Does the same as <see cref="Describe"/>, but returns null if the tensor contains no activation maps.
    /// </summary>
    public LayerInfo? TryDescribe(string tensor, IReadOnlyList<long> shape, (int Height, int Width) picture) =>
        _sites.ContainsKey(tensor) ? Describe(tensor, shape, picture) : null;

    private LayerInfo DescribeTokens(LayerSite site, IReadOnlyList<long> shape, (int Height, int Width) picture)
    {
        // A picture of another size than the trial picture has a grid of the same scale. Patches that are cut off at
        // the edge may or may not count.
        double height = (double)site.Shape.Height * picture.Height / _model.TriedSize.Height;
        double width = (double)site.Shape.Width * picture.Width / _model.TriedSize.Width;
        int others = site.Shape.PrefixTokens + site.Shape.SuffixTokens;
        foreach (double rows in new[] { Math.Floor(height), Math.Ceiling(height) })
            foreach (double columns in new[] { Math.Floor(width), Math.Ceiling(width) })
                if (shape.Count == 3 && shape[1] == others + (rows * columns))
                    return site.ToInfo() with { Channels = (int)shape[2], Height = (int)rows, Width = (int)columns };
        throw new UnsupportedModelException(
            $"The layer '{site.Tensor}' has the shape [{string.Join(", ", shape)}] for a picture of {picture.Height} × "
            + $"{picture.Width} pixels. {height:g3} × {width:g3} positions and {others} other tokens were expected. "
            + "Prepare pictures at the size that the network was trained for.");
    }

    private static OnnxValue Declaration(string name, TensorBatch value) =>
        new() { Name = name, ElementType = (ElementType)value.ElementType, Dims = value.Shape };

    private static string[] Names(Quantization? quantization) => quantization switch
    {
        null => [],
        { ZeroPoint: { } zero } => [quantization.Scale, zero],
        _ => [quantization.Scale],
    };

    private string WhyNoDefault()
    {
        string[] tokens = [.. _model.Layers.TokenCandidates(MostCandidates)
            .Select(c => $"'{c.Tensor}' ({c.Shape[1]} tokens of {c.Shape[2]} channels)")];
        string hint = tokens.Length == 0
            ? "Is it a convolutional network or a vision transformer?"
            : "If its features are tokens, say which of them stand for the positions in the picture, in "
                + $"ModelOptions.Tokens. The last ones are {string.Join(", ", tokens)}.";
        return $"No layer with activation maps was found on the way to the scores '{_model.Source.Tensor}', so no "
            + $"class activation map exists. {hint}";
    }
}
