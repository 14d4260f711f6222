using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// The layers of a network that can be explained, and the sessions that give their activations. Thread-safe.
/// </summary>
internal sealed class LayerCatalog
{
    private readonly ModelAnalysis _model;
    private readonly Dictionary<string, LayerSite> _sites;

    public LayerCatalog(ModelAnalysis model)
    {
        _model = model;
        _sites = model.Layers.Sites.Where(site => site.IsMap).ToDictionary(site => site.Tensor);
        All = [.. _sites.Values.OrderBy(site => site.Node.Index).Select(site => site.ToInfo())];
    }

    /// <summary>The layer that is explained by default.</summary>
    /// <exception cref="UnsupportedModelException">
    /// No tensor of the network is a map, or its last features are tokens.
    /// </exception>
    public LayerInfo Default =>
        _model.DefaultLayer.Site?.ToInfo() ?? throw new UnsupportedModelException(WhyNoDefault());

    public string? DefaultName => _model.DefaultLayer.Site?.Tensor;

    /// <summary>Every tensor that can be explained, in graph order.</summary>
    public IReadOnlyList<LayerInfo> All { get; }

    /// <summary>The tensor of a layer, by its own name or that of the node that computes it.</summary>
    /// <exception cref="ArgumentException">There is no such layer; the message suggests near ones.</exception>
    /// <exception cref="UnsupportedModelException">The tensor holds no maps.</exception>
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
                $"The layer '{name}' has the shape [{string.Join(", ", shape)}] and no maps: {WhyNoMap(name)}.");
        IEnumerable<string> known = All.SelectMany(layer => new[] { layer.Name, layer.NodeName });
        string? near = Suggestion.DidYouMean(name, known);
        string why = _model.Graph.HasTensor(name)
            ? "it does not lie between the picture and the scores" : "ImageModel.Layers lists what there is";
        throw new ArgumentException(
            $"The network has no layer '{name}' that can be explained{near ?? $": {why}."}", nameof(name));
    }

    /// <summary>Opens a session that gives the scores and the activations of layers.</summary>
    public NetworkSession Open(SessionKey key)
    {
        var model = new EditableModel(_model.Graph);
        string scores = NetworkSurvey.Exposed(model, _model.Source.Tensor, _model.Source.Quantization);
        string[] taps = [.. key.Taps.Select(tap => NetworkSurvey.Exposed(model, tap, _sites[tap].Quantization))];
        return new NetworkSession(_model.Factory.Open(model.ToBytes()), _model.Input.Name, scores, taps);
    }

    /// <summary>Name of the input of <see cref="OpenTail"/>.</summary>
    public string TailInput(string layer) => ModelSlice.InputOf(layer, _sites[layer].Quantization is not null);

    /// <summary>Opens the part of the network after a layer.</summary>
    /// <exception cref="UnsupportedModelException">The network cannot be cut there.</exception>
    public NetworkSession OpenTail(string layer, ImageInput input)
    {
        long[] dims = input.Shape(input.Batch ?? -1, input.Height!.Value, input.Width!.Value);
        var value = new OnnxValue { Name = input.Name, ElementType = (ElementType)input.ElementType, Dims = dims };
        ScoreSource source = _model.Source;
        EditableModel tail = ModelSlice.After(
            _model.Graph,
            layer,
            value,
            Names(_sites[layer].Quantization),
            [source.Tensor, .. Names(source.Quantization)]);
        string scores = NetworkSurvey.Exposed(tail, source.Tensor, source.Quantization);
        return new NetworkSession(_model.Factory.Open(tail.ToBytes()), input.Name, scores, []);
    }

    /// <summary>
    /// The weights of the classifier, where it is global average pooling and one linear layer on this layer.
    /// </summary>
    /// <exception cref="UnsupportedModelException">It is not.</exception>
    public LinearHead LinearHeadOn(LayerInfo layer) =>
        new LinearHeadFinder(_model.Graph.Bytes, _model.Graph).Find(layer, LayoutOf(layer.Name), _model.Source);

    public TensorLayout LayoutOf(string layer) =>
        _sites[layer].Shape.Layout == FeatureLayout.Nhwc ? TensorLayout.Nhwc : TensorLayout.Nchw;

    /// <summary>The layer with the size that a run gave, where the size of the pictures is free.</summary>
    /// <exception cref="UnsupportedModelException">What came out are no maps.</exception>
    public LayerInfo Describe(string layer, IReadOnlyList<long> shape)
    {
        LayerSite site = _sites[layer];
        (int channel, int row, int column) = site.Shape.Layout == FeatureLayout.Nchw ? (1, 2, 3) : (3, 1, 2);
        if (shape.Count != 4 || shape.Any(size => size < 1) || shape[row] * shape[column] == 1)
            throw new UnsupportedModelException(
                $"The layer '{layer}' has the shape [{string.Join(", ", shape)}] and no maps; a tensor of four "
                + "dimensions with more than one place was expected. ImageModel.Layers lists what can be explained.");
        return site.ToInfo() with
        {
            Channels = checked((int)shape[channel]),
            Height = checked((int)shape[row]),
            Width = checked((int)shape[column]),
        };
    }

    private static string[] Names(Quantization? quantization) => quantization switch
    {
        null => [],
        { ZeroPoint: { } zero } => [quantization.Scale, zero],
        _ => [quantization.Scale],
    };

    private string WhyNoMap(string tensor) =>
        _model.Layers.Sites.FirstOrDefault(site => site.Tensor == tensor) is { Shape: { } tokens }
            ? $"it holds {tokens.Height} × {tokens.Width} tokens of {tokens.Channels} channels, and tokens are not "
                + "explained yet"
            : "its axes are not the picture's rows and columns, or it has only one place. "
                + "ImageModel.Layers lists what can be explained";

    private string WhyNoDefault()
    {
        string scores = _model.Source.Tensor;
        if (_model.DefaultLayer.Tokens is not { Shape: { } shape } tokens)
            return $"The network has no layer with activation maps on the way to its scores '{scores}', so no class "
                + "activation map exists. Is it a convolutional network?";
        string prefix = shape.PrefixTokens == 0 ? "" : $" after {shape.PrefixTokens} that stand for no place";
        string other = _model.DefaultLayer.LastMap is { } map
            ? $" The last layer with maps is '{map.Tensor}'; name it if it is meant." : "";
        return $"The last features of this network are the tokens of a transformer: '{tokens.Tensor}', "
            + $"{shape.Height} × {shape.Width} tokens of {shape.Channels} channels{prefix}. Layers of tokens are not "
            + $"explained yet.{other}";
    }
}
