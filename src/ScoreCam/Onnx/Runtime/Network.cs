using Microsoft.ML.OnnxRuntime;
using ScoreCam.Execution;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Runtime;

/// <summary>The network behind an <see cref="ImageModel"/>: what it takes and gives, and its runs. Thread-safe.</summary>
internal sealed class Network : IDisposable
{
    /// <summary>Layers beside the default one whose sessions stay open.</summary>
    private const int CachedLayers = 4;

    /// <summary>Weights of more than this are read from memory in every run, as the caches do not hold them, and a batch shares that.</summary>
    private const int LargeModelBytes = 32 << 20;

    /// <summary>Every class gets a name: a shape that lies must not cost memory.</summary>
    public const int MostClasses = 1 << 20;

    private readonly ScoreSource _source;
    private readonly NetworkSession _main;
    private readonly SessionCache _layerSessions;

    public Network(ModelFiles files, ModelOptions options, (int Height, int Width)? freeSize)
    {
        OnnxGraph graph = Read(files);
        ExternalData.Check(files.Model.Span, files.Folder);
        if (ExternalWeights.TakeIn(files, graph, options.MaxModelBytes) is { } whole)
        {
            files = files with { Model = whole };
            graph = Read(files);
        }
        Bytes = files.Model;
        Metadata = graph.Metadata;
        Input = InputFacts.Find(graph, options.Layout);
        _source = OutputActivation.Find(graph, options.Output);
        var factory = new SessionFactory(files.Name, files.Folder, options.ConfigureSession);
        var probe = new ShapeProbe(Input, freeSize);
        Layers = new LayerCatalog(files.Model, graph, _source, Input, factory, probe);
        _main = Layers.OpenDefault();
        _layerSessions = new SessionCache(CachedLayers, Layers.Open);

        bool onAccelerator = _main.IsOnAccelerator;
        int workers = options.Workers ?? (onAccelerator ? 1 : Environment.ProcessorCount);
        int usualBatch = QuantizesByBatch(graph) ? 1 : options.BatchSize ?? (onAccelerator ? 32 : Bytes.Length > LargeModelBytes ? 4 : 1);
        int batchSize = Input.Batch ?? usualBatch;
        Pool = new BatchPool(_main, Input, batchSize, isUsual: options.BatchSize is null, workers);
        Values = ValuesPerPicture(probe.Complete(_main.ScoreShape, _main));
    }

    /// <summary>The model, with the weights that stand beside it taken in; not to be changed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What the exporter wrote into the model.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    public ImageInput Input { get; }

    public LayerCatalog Layers { get; }

    /// <summary>Scores batches of pictures.</summary>
    public BatchPool Pool { get; }

    /// <summary>What the network says of the all-zero picture, once it was scored.</summary>
    public ZeroScores ZeroScores { get; } = new();

    public string ScoreTensor => _source.Tensor;

    /// <summary>Values per picture in the scored tensor: one per class, or the single logit of a yes–no question.</summary>
    public int Values { get; }

    public ScoreKind ScoreKind => Values == 1 || _source.Ending == Ending.Sigmoid ? ScoreKind.Sigmoid : ScoreKind.Softmax;

    public int Classes => Values == 1 ? 2 : Values;

    /// <summary>One run on the unmasked picture: the activations of a layer, and the scores.</summary>
    public ForwardPass Forward(NetworkInput picture, string layer, RunContext run)
    {
        ForwardPass? result = null;
        WorkerPool.Shared.Run(1, 1, _ => result = ForwardOnWorker(picture, layer, run), run.CancellationToken);
        return result!;
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
        return (HeadFor(values), values);
    }

    /// <summary>Opens the part of the network after a layer, which takes the layer's activations as its pictures; dispose it after use.</summary>
    /// <exception cref="UnsupportedModelException">The network cannot be cut there.</exception>
    public BatchPool OpenTail(LayerInfo layer)
    {
        using SessionCache.Lease? lease = layer.Name == Layers.DefaultName ? null : _layerSessions.Rent(layer.Name);
        var input = new ImageInput
        {
            Name = Layers.TailInput(layer.Name),
            ElementType = (lease?.Session ?? _main).TapType,
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
        _layerSessions.Dispose();
        Pool.Dispose();
    }

    private static OnnxGraph Read(ModelFiles files)
    {
        try
        {
            return OnnxGraph.Read(files.Model);
        }
        catch (UnsupportedModelException exception)
        {
            throw new UnsupportedModelException($"'{files.Name}' cannot be loaded. {exception.Message}", exception.InnerException);
        }
    }

    /// <summary>Where activations are quantised as they come, their scale is that of the whole batch, and pictures would change each other's scores.</summary>
    private static bool QuantizesByBatch(OnnxGraph graph) => graph.Nodes.Any(node => node.OpType.StartsWith("DynamicQuantize", StringComparison.Ordinal));

    private ForwardPass ForwardOnWorker(NetworkInput picture, string layer, RunContext run)
    {
        OrtValue tap;
        float[] values;
        if (layer == Layers.DefaultName)
        {
            using BatchPool.Rental rental = Pool.Rent(picture.Height, picture.Width);
            picture.Write(rental.Buffer.Picture(0));
            values = rental.Buffer.ScoreAndTap(run.Options, out tap).ToArray();
        }
        else
        {
            using SessionCache.Lease lease = _layerSessions.Rent(layer);
            using var buffer = new BatchBuffer(lease.Session, Input, 1, picture.Height, picture.Width);
            picture.Write(buffer.Picture(0));
            values = buffer.ScoreAndTap(run.Options, out tap).ToArray();
        }
        using (tap)
        {
            var activations = new TensorValues(tap);
            LayerInfo info = Layers.Describe(layer, activations.Shape);
            return new ForwardPass(info, ReadMaps(activations, info), HeadFor(values), values);
        }
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

    private ScoreHead HeadFor(float[] values) => new()
    {
        Values = values.Length,
        Kind = ScoreKind,
        ValuesAreProbabilities = _source.Ending == Ending.None && ScoreHead.LooksLikeProbabilities(values),
    };

    private int ValuesPerPicture(IReadOnlyList<long> shape)
    {
        long values = shape.Aggregate(1L, (product, size) => Math.Min(product * Math.Min(size, int.MaxValue), int.MaxValue));
        if (Input.Batch is > 1 && values % Input.Batch == 0)
            values /= Input.Batch.Value;
        // The probe is one picture, so every dimension but the classes' is 1 (or the fixed batch).
        if (values < 1 || shape.Count(size => size > 1) > (Input.Batch > 1 ? 2 : 1))
            throw new UnsupportedModelException(
                $"The scores '{_source.Tensor}' have the shape [{string.Join(", ", shape)}]; one score per class was expected, as [N, C] or [N, C, 1, 1]. Is this a classifier? If the class scores are another output, name it in ModelOptions.Output.");
        return values <= MostClasses ? (int)values
            : throw new UnsupportedModelException($"The scores '{_source.Tensor}' have the shape [{string.Join(", ", shape)}]; at most {MostClasses} classes were expected.");
    }
}
