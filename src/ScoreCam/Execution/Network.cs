using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Execution;

/// <summary>The network behind an <see cref="ImageModel"/>: its input, its outputs and its runs. Thread-safe.</summary>
internal sealed class Network : IDisposable
{
    /// <summary>The number of additional sessions that stay open.</summary>
    private const int CachedSessions = 4;

    /// <summary>The number of sessions for parts of the network and for gradients that stay open.</summary>
    private const int CachedParts = 2;

    /// <summary>
    /// Weights larger than this do not fit into the processor's caches, so every run reads them from memory. A batch
    /// reads them only once.
    /// </summary>
    private const int LargeModelBytes = 32 << 20;

    private readonly ModelAnalysis _model;
    private readonly NetworkSession _main;
    private readonly SessionCache<SessionKey, NetworkSession> _sessions;
    private readonly SessionCache<TailKey, BatchPool> _tails;
    private readonly SessionCache<GradientKey, CutGradients> _gradients;

    /// <param name="model">The analysis of the model.</param>
    /// <param name="options">The loading options.</param>
    /// <param name="kind">The meaning of the scores.</param>
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
        // Methods that run the network from tokens on need the tensors that bypass these tokens.
        MainKey = model.DefaultLayer.Site switch
        {
            null => new SessionKey(),
            { IsTokens: true, Tensor: var tokens } => new SessionKey([tokens, .. Layers.BypassesOf(tokens)]),
            { Tensor: var map } => new SessionKey(map),
        };
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
    /// The model, with local functions inlined and external weights included. The bytes must not be changed.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes => _model.Graph.Bytes;

    /// <summary>The analysis of the model's graph.</summary>
    public ModelAnalysis Analysis => _model;

    public ImageInput Input => _model.Input;

    public LayerCatalog Layers { get; }

    /// <summary>Scores batches of pictures.</summary>
    public BatchPool Pool { get; }

    /// <summary>The cached scores of the all-zero picture.</summary>
    public ZeroScores ZeroScores { get; } = new();

    public string ScoreTensor => _model.Source.Tensor;

    /// <summary>The meaning of the values of the scored tensor. It is determined when the model is loaded.</summary>
    public ScoreHead Head { get; }

    /// <summary>The outputs of the session that scores batches.</summary>
    private SessionKey MainKey { get; }

    /// <summary>Runs the unmasked picture once, and returns the activations of a layer and the scores.</summary>
    public ForwardPass Forward(NetworkInput picture, string layer, RunContext run) =>
        Forward(picture, [layer], run)[0];

    /// <summary>
    /// Runs the unmasked picture once, and returns the activations of several layers and the scores. The result has one
    /// pass per layer, in order.
    /// </summary>
    public IReadOnlyList<ForwardPass> Forward(NetworkInput picture, IReadOnlyList<string> layers, RunContext run)
    {
        var key = new SessionKey(layers);
        IReadOnlyList<ForwardPass> result = [];
        WorkerPool.Shared.Run(1, 1, _ => result = ForwardOnWorker(picture, key, run), run.CancellationToken);
        return result;
    }

    /// <summary>Runs the unmasked picture once, and returns whole tensors in the layout of the network.</summary>
    public IReadOnlyList<TensorBatch> Tap(NetworkInput picture, SessionKey key, RunContext run)
    {
        IReadOnlyList<TensorBatch> taps = [];
        WorkerPool.Shared.Run(1, 1, _ => taps = TapOnWorker(picture, key, run, out float[] _), run.CancellationToken);
        return taps;
    }

    /// <summary>Runs the unmasked picture once, and returns only the scores.</summary>
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

    /// <summary>
    /// Rents the part of the network after a layer. It takes the layer's activations as its pictures.
    /// </summary>
    /// <exception cref="UnsupportedModelException">The network cannot be cut after this layer.</exception>
    public SessionCache<TailKey, BatchPool>.Lease RentTail(LayerInfo layer) => _tails.Rent(new TailKey(layer));

    /// <summary>Opens the part of the network after a layer, for one picture. The caller disposes it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="tokenValues">The number of values of all tokens; 0 for other layers.</param>
    /// <param name="bypasses">
    /// The tensors that bypass the layer on the way to the scores, with their values for the picture.
    /// </param>
    public BatchPool OpenTail(
        LayerInfo layer, int tokenValues, IReadOnlyList<(string Name, TensorBatch Value)> bypasses)
    {
        ImageInput input = TailInput(layer);
        if (tokenValues > 0)
            input = input with { IsTokens = true, Height = 1, Width = tokenValues / layer.Channels };
        NetworkSession session = Layers.OpenTail(layer.Name, input, bypasses);
        // The values of the bypassing tensors belong to one picture.
        return bypasses.Count > 0
            ? new(session, input, batchSize: 1, isUsual: false, Pool.Workers)
            : new(session, input, Pool.BatchSize, Pool.IsUsual, Pool.Workers);
    }

    /// <summary>Rents a session that computes gradients.</summary>
    /// <exception cref="UnsupportedModelException">An operator on the path has no gradient.</exception>
    public SessionCache<GradientKey, CutGradients>.Lease RentGradients(GradientKey key) => _gradients.Rent(key);

    public void Dispose()
    {
        _gradients.Dispose();
        _tails.Dispose();
        _sessions.Dispose();
        Pool.Dispose();
    }

    private BatchPool OpenTail(TailKey tail) => OpenTail(tail.Layer, tokenValues: 0, bypasses: []);

    private ImageInput TailInput(LayerInfo layer)
    {
        var key = new SessionKey(layer.Name);
        bool isMain = MainKey.Covers(key);
        using SessionCache<SessionKey, NetworkSession>.Lease? lease = isMain ? null : _sessions.Rent(key);
        return new()
        {
            Name = Layers.TailInput(layer.Name),
            ElementType = (lease?.Session ?? _main).TapType(isMain ? MainKey.IndexOf(layer.Name) : 0),
            Layout = Layers.LayoutOf(layer.Name),
            Channels = layer.Channels,
            Height = layer.Height,
            Width = layer.Width,
            Batch = Input.Batch,
        };
    }

    private CutGradients OpenGradients(GradientKey key)
    {
        var gradients = new GradientNetwork(_model.Graph, _model.Source.Tensor, Input, _model.Factory);
        if (key.Layer is not { } layer)
        {
            GradientSession whole =
                gradients.Open([Input.Name], key.IsGuided, key.Height, key.Width, key.WithBiases);
            return new(whole, IsTail: false);
        }
        // In a transformer, tensors that bypass the tokens come from the picture.
        if (layer.Layout == FeatureLayout.Tokens)
            return new(gradients.Open([layer.Name], key.IsGuided, key.Height, key.Width), IsTail: false);
        try
        {
            long[] shape = Layers.LayoutOf(layer.Name) == TensorLayout.Nchw
                ? [1, layer.Channels, layer.Height, layer.Width]
                : [1, layer.Height, layer.Width, layer.Channels];
            return new(gradients.OpenTail(layer.Name, shape), IsTail: true);
        }
        catch (UnsupportedModelException)
        {
            // A tensor bypasses the layer, or an operator has no gradient. The whole network gives a more precise
            // error.
            return new(gradients.Open([layer.Name], key.IsGuided, key.Height, key.Width), IsTail: false);
        }
    }

    private List<ForwardPass> ForwardOnWorker(NetworkInput picture, SessionKey key, RunContext run)
    {
        TensorBatch[] taps = TapOnWorker(picture, key, run, out float[] values);
        (int, int) size = (picture.Height, picture.Width);
        return [.. key.Taps.Select((layer, i) => PassOf(layer, taps[i], values, size))];
    }

    private TensorBatch[] TapOnWorker(NetworkInput picture, SessionKey key, RunContext run, out float[] values)
    {
        TensorBatch[] taps;
        if (MainKey.Covers(key))
        {
            using BatchPool.Rental rental = Pool.Rent(picture.Height, picture.Width);
            picture.Write(rental.Buffer.Picture(0));
            values = rental.Buffer.ScoreAndTap(run.Options, out taps).ToArray();
            return [.. key.Taps.Select(tap => taps[MainKey.IndexOf(tap)])];
        }
        using SessionCache<SessionKey, NetworkSession>.Lease lease = _sessions.Rent(key);
        using var buffer = new BatchBuffer(lease.Session, Input, 1, picture.Height, picture.Width);
        picture.Write(buffer.Picture(0));
        values = buffer.ScoreAndTap(run.Options, out taps).ToArray();
        return taps;
    }

    private ForwardPass PassOf(string layer, TensorBatch tap, float[] values, (int Height, int Width) picture)
    {
        LayerInfo info = Layers.Describe(layer, tap.Shape, picture);
        // A network with a fixed batch size returns more than one picture.
        float[] planes = Planes.Of(info, tap.Values);
        return new(info, new ActivationMaps(layer, planes, info.Channels, info.Height, info.Width), values);
    }
}

/// <summary>The result of one run on the unmasked picture.</summary>
/// <param name="Layer">The layer, with its size for this picture.</param>
/// <param name="Maps">The activations of the layer.</param>
/// <param name="Values">The values of the scored tensor.</param>
internal sealed record ForwardPass(LayerInfo Layer, ActivationMaps Maps, float[] Values);

/// <summary>The part of a network after a layer of this size.</summary>
internal sealed record TailKey(LayerInfo Layer);

/// <summary>The gradients that a session computes.</summary>
/// <param name="Layer">The layer; null for the network's input.</param>
/// <param name="IsGuided">Whether guided backpropagation is used.</param>
/// <param name="Height">The number of rows of the pictures.</param>
/// <param name="Width">The number of columns of the pictures.</param>
/// <param name="WithBiases">Whether the products of biases and their gradients are computed as well.</param>
internal sealed record GradientKey(
    LayerInfo? Layer, bool IsGuided, int Height, int Width, bool WithBiases = false);

/// <summary>A session that computes gradients. It can take activations of the layer instead of pictures.</summary>
internal sealed record CutGradients(GradientSession Session, bool IsTail) : IDisposable
{
    public void Dispose() => Session.Dispose();
}
