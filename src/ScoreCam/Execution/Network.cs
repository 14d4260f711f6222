using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Execution;

/// <summary>
/// The network behind an <see cref="ImageModel"/>: what it takes and gives, and its runs. Thread-safe.
/// </summary>
internal sealed class Network : IDisposable
{
    /// <summary>Sessions beside the main one that stay open.</summary>
    private const int CachedSessions = 4;

    /// <summary>Sessions of parts of the network, and with gradients, that stay open.</summary>
    private const int CachedParts = 2;

    /// <summary>
    /// Weights of more than this are read from memory in every run, as the processor's caches do not hold them. A batch
    /// shares that.
    /// </summary>
    private const int LargeModelBytes = 32 << 20;

    private readonly ModelAnalysis _model;
    private readonly NetworkSession _main;
    private readonly SessionCache<SessionKey, NetworkSession> _sessions;
    private readonly SessionCache<TailKey, BatchPool> _tails;
    private readonly SessionCache<GradientKey, CutGradients> _gradients;

    /// <param name="model">What is known of the model.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="kind">What the scores are.</param>
    public Network(ModelAnalysis model, ModelOptions options, ScoreKind kind)
    {
        _model = model;
        Head = new ScoreHead
        {
            Values = model.Values,
            Kind = kind,
            ValuesAreProbabilities = model.Source.Values != ScoreValues.Logits,
        };
        Layers = new LayerCatalog(model);
        MainKey = Layers.DefaultName is { } layer ? new SessionKey(layer) : new SessionKey();
        _main = Layers.Open(MainKey);
        _sessions = new(CachedSessions, Layers.Open);
        _tails = new(CachedParts, OpenTail);
        _gradients = new(CachedParts, OpenGradients);

        bool onAccelerator = _main.IsOnAccelerator;
        int workers = options.Workers ?? (onAccelerator ? 1 : Environment.ProcessorCount);
        int ownBatch = onAccelerator ? 32 : Bytes.Length > LargeModelBytes ? 4 : 1;
        int batchSize = Input.Batch ?? (model.Unsteadiness.BatchMatters ? 1 : options.BatchSize ?? ownBatch);
        Pool = new BatchPool(_main, Input, batchSize, isUsual: options.BatchSize is null, workers);
    }

    /// <summary>
    /// The model, with local functions inlined and the weights that stand beside it taken in. Not to be changed.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes => _model.Graph.Bytes;

    /// <summary>What was found in the model's graph.</summary>
    public ModelAnalysis Analysis => _model;

    public ImageInput Input => _model.Input;

    public LayerCatalog Layers { get; }

    /// <summary>Scores batches of pictures.</summary>
    public BatchPool Pool { get; }

    /// <summary>What the network says of the all-zero picture, once it was scored.</summary>
    public ZeroScores ZeroScores { get; } = new();

    public string ScoreTensor => _model.Source.Tensor;

    /// <summary>What the values of the scored tensor mean. Decided when the model was loaded.</summary>
    public ScoreHead Head { get; }

    /// <summary>What the session computes that scores batches.</summary>
    private SessionKey MainKey { get; }

    /// <summary>One run on the unmasked picture: the activations of a layer, and the scores.</summary>
    public ForwardPass Forward(NetworkInput picture, string layer, RunContext run) =>
        Forward(picture, [layer], run)[0];

    /// <summary>
    /// One run on the unmasked picture: the activations of several layers, and the scores. One pass per layer, in
    /// order.
    /// </summary>
    public IReadOnlyList<ForwardPass> Forward(NetworkInput picture, IReadOnlyList<string> layers, RunContext run)
    {
        var key = new SessionKey(layers);
        IReadOnlyList<ForwardPass> result = [];
        WorkerPool.Shared.Run(1, 1, _ => result = ForwardOnWorker(picture, key, run), run.CancellationToken);
        return result;
    }

    /// <summary>One run on the unmasked picture, for its scores only.</summary>
    public float[] Score(NetworkInput picture, RunContext run)
    {
        float[] values = [];
        WorkerPool.Shared.Run(1, 1, _ =>
        {
            using BatchPool.Rental rental = Pool.Rent(picture.Height, picture.Width);
            picture.Write(rental.Buffer.Picture(0));
            values = rental.Buffer.Score(run.Options, 1).ToArray();
        }, run.CancellationToken);
        return values;
    }

    /// <summary>The part of the network after a layer, which takes the layer's activations as its pictures.</summary>
    /// <exception cref="UnsupportedModelException">The network cannot be cut there.</exception>
    public SessionCache<TailKey, BatchPool>.Lease RentTail(LayerInfo layer) => _tails.Rent(new TailKey(layer));

    /// <summary>A session with gradients.</summary>
    /// <exception cref="UnsupportedModelException">An operator on the way has no gradient.</exception>
    public SessionCache<GradientKey, CutGradients>.Lease RentGradients(GradientKey key) => _gradients.Rent(key);

    public void Dispose()
    {
        _gradients.Dispose();
        _tails.Dispose();
        _sessions.Dispose();
        Pool.Dispose();
    }

    private BatchPool OpenTail(TailKey tail)
    {
        LayerInfo layer = tail.Layer;
        var key = new SessionKey(layer.Name);
        using SessionCache<SessionKey, NetworkSession>.Lease? lease = key.Equals(MainKey) ? null : _sessions.Rent(key);
        var input = new ImageInput
        {
            Name = Layers.TailInput(layer.Name),
            ElementType = (lease?.Session ?? _main).TapType(0),
            Layout = Layers.LayoutOf(layer.Name),
            Channels = layer.Channels,
            Height = layer.Height,
            Width = layer.Width,
            Batch = Input.Batch,
        };
        return new BatchPool(Layers.OpenTail(layer.Name, input), input, Pool.BatchSize, Pool.IsUsual, Pool.Workers);
    }

    private CutGradients OpenGradients(GradientKey key)
    {
        var gradients = new GradientNetwork(_model.Graph, _model.Source.Tensor, Input, _model.Factory);
        if (key.Layer is not { } layer)
            return new(gradients.Open([Input.Name], key.IsGuided, key.Height, key.Width), IsTail: false);
        try
        {
            long[] shape = Layers.LayoutOf(layer.Name) == TensorLayout.Nchw
                ? [1, layer.Channels, layer.Height, layer.Width]
                : [1, layer.Height, layer.Width, layer.Channels];
            return new(gradients.OpenTail(layer.Name, shape), IsTail: true);
        }
        catch (UnsupportedModelException)
        {
            // Something goes around the layer, or an operator has no gradient, of which the whole network tells more.
            return new(gradients.Open([layer.Name], key.IsGuided, key.Height, key.Width), IsTail: false);
        }
    }

    private List<ForwardPass> ForwardOnWorker(NetworkInput picture, SessionKey key, RunContext run)
    {
        TensorBatch[] taps;
        float[] values;
        if (key.Equals(MainKey))
        {
            using BatchPool.Rental rental = Pool.Rent(picture.Height, picture.Width);
            picture.Write(rental.Buffer.Picture(0));
            values = rental.Buffer.ScoreAndTap(run.Options, out taps).ToArray();
        }
        else
        {
            using SessionCache<SessionKey, NetworkSession>.Lease lease = _sessions.Rent(key);
            using var buffer = new BatchBuffer(lease.Session, Input, 1, picture.Height, picture.Width);
            picture.Write(buffer.Picture(0));
            values = buffer.ScoreAndTap(run.Options, out taps).ToArray();
        }
        return [.. key.Taps.Select((layer, i) => PassOf(layer, taps[i], values))];
    }

    private ForwardPass PassOf(string layer, TensorBatch tap, float[] values)
    {
        LayerInfo info = Layers.Describe(layer, tap.Shape);
        (int channels, int height, int width) = (info.Channels, info.Height, info.Width);
        // A network with a fixed batch gives more pictures than one.
        ReadOnlySpan<float> first = tap.Values.AsSpan(0, checked(channels * height * width));
        float[] planes = Planes.From(first, Layers.LayoutOf(layer), channels);
        return new ForwardPass(info, new ActivationMaps(layer, planes, channels, height, width), values);
    }
}

/// <summary>What one run on the unmasked picture gave.</summary>
/// <param name="Layer">The layer, with its size for this picture.</param>
/// <param name="Maps">Its activations.</param>
/// <param name="Values">The values of the scored tensor.</param>
internal sealed record ForwardPass(LayerInfo Layer, ActivationMaps Maps, float[] Values);

/// <summary>The part of a network after a layer of this size.</summary>
internal sealed record TailKey(LayerInfo Layer);

/// <summary>What a session with gradients differentiates by.</summary>
/// <param name="Layer">The layer; null for the network's input.</param>
/// <param name="IsGuided">Guided backpropagation.</param>
/// <param name="Height">Rows of the pictures.</param>
/// <param name="Width">Columns of the pictures.</param>
internal sealed record GradientKey(LayerInfo? Layer, bool IsGuided, int Height, int Width);

/// <summary>A session with gradients, and whether it takes activations of the layer instead of pictures.</summary>
internal sealed record CutGradients(GradientSession Session, bool IsTail) : IDisposable
{
    public void Dispose() => Session.Dispose();
}
