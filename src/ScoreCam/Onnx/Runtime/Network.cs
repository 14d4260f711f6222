using Microsoft.ML.OnnxRuntime;
using ScoreCam.Execution;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Runtime;

/// <summary>The network behind an <see cref="ImageModel"/>: what it takes and gives, and its runs. Thread-safe.</summary>
internal sealed class Network : IDisposable
{
    /// <summary>Sessions beside the main one that stay open.</summary>
    private const int CachedSessions = 4;

    /// <summary>Weights of more than this are read from memory in every run, as the caches do not hold them, and a batch shares that.</summary>
    private const int LargeModelBytes = 32 << 20;

    private readonly ModelAnalysis _model;
    private readonly NetworkSession _main;
    private readonly SessionCache _sessions;

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
        _sessions = new SessionCache(CachedSessions, Layers.Open);

        bool onAccelerator = _main.IsOnAccelerator;
        int workers = options.Workers ?? (onAccelerator ? 1 : Environment.ProcessorCount);
        int usualBatch = options.BatchSize ?? (onAccelerator ? 32 : Bytes.Length > LargeModelBytes ? 4 : 1);
        int batchSize = Input.Batch ?? (model.Unsteadiness.BatchMatters ? 1 : usualBatch);
        Pool = new BatchPool(_main, Input, batchSize, isUsual: options.BatchSize is null, workers);
    }

    /// <summary>The model, with local functions inlined and the weights that stand beside it taken in. Not to be changed.</summary>
    public ReadOnlyMemory<byte> Bytes => _model.Graph.Bytes;

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
    public ForwardPass Forward(NetworkInput picture, string layer, RunContext run) => Forward(picture, [layer], run)[0];

    /// <summary>One run on the unmasked picture: the activations of several layers, and the scores. One pass per layer, in order.</summary>
    public IReadOnlyList<ForwardPass> Forward(NetworkInput picture, IReadOnlyList<string> layers, RunContext run)
    {
        IReadOnlyList<ForwardPass> result = [];
        WorkerPool.Shared.Run(1, 1, _ => result = ForwardOnWorker(picture, new SessionKey(layers), run), run.CancellationToken);
        return result;
    }

    /// <summary>One run on the unmasked picture, for its scores only.</summary>
    public (ScoreHead Head, float[] Values) Score(NetworkInput picture, RunContext run)
    {
        float[] values = [];
        WorkerPool.Shared.Run(1, 1, _ =>
        {
            using BatchPool.Rental rental = Pool.Rent(picture.Height, picture.Width);
            picture.Write(rental.Buffer.Picture(0));
            values = rental.Buffer.Score(run.Options, 1).ToArray();
        }, run.CancellationToken);
        return (Head, values);
    }

    /// <summary>Opens the part of the network after a layer, which takes the layer's activations as its pictures; dispose it after use.</summary>
    /// <exception cref="UnsupportedModelException">The network cannot be cut there.</exception>
    public BatchPool OpenTail(LayerInfo layer)
    {
        var key = new SessionKey(layer.Name);
        using SessionCache.Lease? lease = key.Equals(MainKey) ? null : _sessions.Rent(key);
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

    public void Dispose()
    {
        _sessions.Dispose();
        Pool.Dispose();
    }

    private List<ForwardPass> ForwardOnWorker(NetworkInput picture, SessionKey key, RunContext run)
    {
        OrtValue[] taps;
        float[] values;
        if (key.Equals(MainKey))
        {
            using BatchPool.Rental rental = Pool.Rent(picture.Height, picture.Width);
            picture.Write(rental.Buffer.Picture(0));
            values = rental.Buffer.ScoreAndTap(run.Options, out taps).ToArray();
        }
        else
        {
            using SessionCache.Lease lease = _sessions.Rent(key);
            using var buffer = new BatchBuffer(lease.Session, Input, 1, picture.Height, picture.Width);
            picture.Write(buffer.Picture(0));
            values = buffer.ScoreAndTap(run.Options, out taps).ToArray();
        }
        try
        {
            return [.. key.Taps.Select((layer, i) => Read(layer, taps[i], values))];
        }
        finally
        {
            foreach (OrtValue tap in taps)
                tap.Dispose();
        }
    }

    private ForwardPass Read(string layer, OrtValue tap, float[] values)
    {
        var activations = new TensorValues(tap);
        LayerInfo info = Layers.Describe(layer, activations.Shape);
        return new ForwardPass(info, ReadMaps(activations, info), Head, values);
    }

    private ActivationMaps ReadMaps(TensorValues activations, LayerInfo layer)
    {
        (int channels, int height, int width) = (layer.Channels, layer.Height, layer.Width);
        var values = new float[checked(channels * height * width)];
        activations.Read(0, values);
        if (Layers.LayoutOf(layer.Name) == TensorLayout.Nhwc)
        {
            float[] interleaved = values;
            values = new float[interleaved.Length];
            for (int i = 0; i < height * width; i++)
                for (int k = 0; k < channels; k++)
                    values[(k * height * width) + i] = interleaved[(i * channels) + k];
        }
        return new ActivationMaps(layer.Name, values, channels, height, width);
    }
}
