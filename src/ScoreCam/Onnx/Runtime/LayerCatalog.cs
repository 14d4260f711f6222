using Microsoft.ML.OnnxRuntime;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Runtime;

/// <summary>The tensors of a network that can be explained, and the sessions that fetch them. Thread-safe.</summary>
internal sealed class LayerCatalog
{
    private readonly ReadOnlyMemory<byte> _model;
    private readonly OnnxGraph _graph;
    private readonly ScoreSource _source;
    private readonly ImageInput _input;
    private readonly SessionFactory _factory;
    private readonly ShapeProbe _probe;
    private readonly Lazy<IReadOnlyDictionary<string, LayerSite>> _sites;
    private readonly Lazy<IReadOnlyList<LayerInfo>> _all;
    private LayerInfo? _default;

    public LayerCatalog(ReadOnlyMemory<byte> model, OnnxGraph graph, ScoreSource source, ImageInput input, SessionFactory factory, ShapeProbe probe)
    {
        (_model, _graph, _source, _input, _factory, _probe) = (model, graph, source, input, factory, probe);
        _sites = new(() => LayerFinder.Explainable(_graph, _source, _input.Name, _input.Layout).ToDictionary(site => site.Tensor));
        _all = new(ListAll);
    }

    /// <summary>The layer that is explained by default.</summary>
    /// <exception cref="UnsupportedModelException">No tensor of the network is a map.</exception>
    public LayerInfo Default => _default ?? throw new UnsupportedModelException(
        $"The network has no layer with activation maps on the way to its scores '{_source.Tensor}', so no class activation map exists. Is it a convolutional network?");

    public string? DefaultName => _default?.Name;

    /// <summary>Every tensor that can be explained, in graph order; found by one run when first asked for.</summary>
    public IReadOnlyList<LayerInfo> All => _all.Value;

    /// <summary>The tensor of a layer, by its own name or that of the node that makes it.</summary>
    /// <exception cref="ArgumentException">There is no such layer; the message suggests near ones.</exception>
    public string Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_sites.Value.ContainsKey(name))
            return name;
        LayerSite? byNode = _sites.Value.Values.FirstOrDefault(site => site.Node.Name.Length > 0 && site.Node.Name == name);
        if (byNode is not null)
            return byNode.Tensor;
        IEnumerable<string> known = _sites.Value.Values.Where(site => !site.CertainlyNotSpatial).SelectMany(site => new[] { site.Tensor, site.Node.Name });
        string why = _graph.HasTensor(name) ? "it does not lie between the picture and the scores" : "ImageModel.Layers lists the layers";
        throw new ArgumentException($"The network has no layer '{name}' that can be explained{Suggestion.DidYouMean(name, known) ?? $": {why}."}", nameof(name));
    }

    /// <summary>Opens the session that scores, with the default layer tapped where there is one.</summary>
    public NetworkSession OpenDefault()
    {
        int classes = DeclaredClasses() ?? MeasuredClasses();
        foreach (LayerSite site in LayerFinder.DefaultCandidates(_graph, _source, _input.Name, classes, _input.Layout))
        {
            NetworkSession session = OpenTapped(site);
            IReadOnlyList<long> shape = _probe.CompleteTap(session);
            if (IsMap(shape, site.Layout))
            {
                _default = Info(site, shape);
                return session;
            }
            session.Dispose();
        }
        return OpenTapped(null);
    }

    /// <summary>Opens a session with a layer tapped.</summary>
    public NetworkSession Open(string layer) => OpenTapped(_sites.Value[layer]);

    /// <summary>Name of the input of <see cref="OpenTail"/>.</summary>
    public string TailInput(string layer) => ModelSlice.InputOf(layer, _sites.Value[layer].Quantization is not null);

    /// <summary>Opens the part of the network after a layer.</summary>
    /// <exception cref="UnsupportedModelException">The network cannot be cut there.</exception>
    public NetworkSession OpenTail(string layer, ImageInput input)
    {
        long[] dims = input.Shape(input.Batch ?? -1, input.Height!.Value, input.Width!.Value);
        var value = new OnnxValue { Name = input.Name, ElementType = (ElementType)input.ElementType, Dims = dims };
        EditableModel tail = ModelSlice.After(
            _graph, layer, value, Names(_sites.Value[layer].Quantization), [_source.Tensor, .. Names(_source.Quantization)]);
        string scores = Expose(tail, _source.Tensor, _source.Quantization);
        return new NetworkSession(_factory.Open(tail.ToBytes()), input.Name, scores, null);
    }

    /// <summary>The weights of the classifier, where it is global average pooling and one linear layer on this layer.</summary>
    /// <exception cref="UnsupportedModelException">It is not.</exception>
    public LinearHead LinearHeadOn(LayerInfo layer) => new LinearHeadFinder(_model, _graph).Find(layer, LayoutOf(layer.Name), _source);

    public TensorLayout LayoutOf(string layer) => _sites.Value[layer].Layout;

    /// <summary>The layer with the size that a run gave.</summary>
    /// <exception cref="UnsupportedModelException">What came out are no maps.</exception>
    public LayerInfo Describe(string layer, IReadOnlyList<long> shape)
    {
        LayerSite site = _sites.Value[layer];
        if (!IsMap(shape, site.Layout))
            throw new UnsupportedModelException(
                $"The layer '{layer}' has the shape [{string.Join(", ", shape)}] and so no maps; a tensor of four dimensions with more than one place was expected. ImageModel.Layers lists what can be explained.");
        return Info(site, shape);
    }

    private static bool IsMap(IReadOnlyList<long> shape, TensorLayout layout) => shape.Count == 4 && shape.All(size => size > 0) &&
        (layout == TensorLayout.Nchw ? shape[2] * shape[3] : shape[1] * shape[2]) > 1;

    /// <summary>Opens a session that scores, with a layer tapped where one is given.</summary>
    private NetworkSession OpenTapped(LayerSite? site)
    {
        var model = new EditableModel(_graph);
        string scores = Expose(model, _source.Tensor, _source.Quantization);
        string? tap = site is null ? null : Expose(model, site.Tensor, site.Quantization);
        return new NetworkSession(_factory.Open(model.ToBytes()), _input.Name, scores, tap);
    }

    private static string Expose(EditableModel model, string tensor, Quantization? quantization)
    {
        string exposed = quantization is null ? tensor : model.AddDequantize(tensor, quantization.Scale, quantization.ZeroPoint);
        model.AddOutput(exposed);
        return exposed;
    }

    private static string[] Names(Quantization? quantization) => quantization switch
    {
        null => [],
        { ZeroPoint: { } zero } => [quantization.Scale, zero],
        _ => [quantization.Scale],
    };

    private static LayerInfo Info(LayerSite site, IReadOnlyList<long> shape)
    {
        (int channels, int height, int width) = site.Layout == TensorLayout.Nchw ? (1, 2, 3) : (3, 1, 2);
        return new()
        {
            Name = site.Tensor,
            NodeName = site.Node.Name,
            OpType = site.Node.OpType,
            Channels = checked((int)shape[channels]),
            Height = checked((int)shape[height]),
            Width = checked((int)shape[width]),
        };
    }

    private int? DeclaredClasses()
    {
        IReadOnlyList<long>? dims = _graph.Outputs.FirstOrDefault(output => output.Name == _source.Output)?.Dims;
        if (_source.OutputIsLabel || dims is not { Count: > 1 } || dims.Skip(1).Any(size => size <= 0))
            return null;
        return (int)Math.Min(dims.Skip(1).Aggregate(1L, (product, size) => product * size), int.MaxValue);
    }

    private int MeasuredClasses()
    {
        using NetworkSession session = OpenTapped(null);
        return checked((int)(_probe.Complete(session.ScoreShape, session).Aggregate(1L, (product, size) => product * size) / (_input.Batch ?? 1)));
    }

    private IReadOnlyList<LayerInfo> ListAll()
    {
        LayerSite[] sites = [.. _sites.Value.Values.Where(site => !site.CertainlyNotSpatial).OrderBy(site => site.Node.Index)];
        var model = new EditableModel(_graph);
        foreach (LayerSite site in sites)
            model.AddOutput(site.Tensor);
        // Shapes do not need an optimized graph, and a plain one opens faster.
        using InferenceSession session = _factory.Open(model.ToBytes(), optimize: false);
        IReadOnlyDictionary<string, IReadOnlyList<long>> shapes = _probe.Complete(session, [.. sites.Select(site => site.Tensor)]);
        return [.. sites.Where(site => IsMap(shapes[site.Tensor], site.Layout)).Select(site => Info(site, shapes[site.Tensor]))];
    }
}
