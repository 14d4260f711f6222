using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Runtime;

/// <summary>The facts about a loaded model. They do not change after loading.</summary>
internal sealed class ModelAnalysis
{
    /// <summary>
    /// The side of trial pictures, in pixels, for a network of free size if nothing specifies another size.
    /// </summary>
    private const int UsualSide = 224;

    /// <summary>
    /// The largest number of classes. Every class gets a name, so a wrong shape must not use up the memory.
    /// </summary>
    public const int MostClasses = Prediction.MostClasses;

    /// <param name="files">The files of the model.</param>
    /// <param name="options">The loading options.</param>
    /// <param name="freeSize">The size that the preprocessing specifies, for a network of free size.</param>
    /// <exception cref="UnsupportedModelException">The model does not classify one image.</exception>
    public ModelAnalysis(ModelFiles files, ModelOptions options, (int Height, int Width)? freeSize)
    {
        OnnxGraph read = Read(files, options);
        FileBytes = read.Bytes;
        Graph = FunctionInliner.Inline(read.Bytes) is { } inlined ? Read(inlined, files.Name) : read;
        Input = InputFacts.Find(Graph, options.Layout);
        var flow = new ImageFlow(Graph, Input.Name);
        ScoreSource source = OutputActivation.Find(Graph, flow, options.Output);
        Factory = new SessionFactory(files.Name, files.Folder, options.ConfigureSession);
        Exporter = ExporterMetadata.Read(Graph);
        int height = Input.Height ?? freeSize?.Height ?? Exporter.Size?.Height ?? UsualSide;
        int width = Input.Width ?? freeSize?.Width ?? Exporter.Size?.Width ?? UsualSide;
        TriedSize = (height, width);
        using (var survey = new NetworkSurvey(Graph, flow, source, Input, TriedSize, Factory))
        {
            TensorShapes shapes = survey.Shapes();
            Source = source.IsCertain ? source : ScoreTrial.Decide(source, survey.Trials(), Input.Batch ?? 1);
            Values = ValuesPerPicture(Source, shapes[source.Tensor]!);
            Layers = new LayerFinder(Graph, flow, Input.Name, Input.Layout, Source.Tensor, shapes);
            ScoresHavePositions = Layers.Axes(Source.Tensor)?.Any(axis => axis.HasPositions) ?? false;
        }
        DefaultLayer = options.Tokens is { } tokens ? new(Layers.AddTokens(tokens)) : Layers.Default(Values);
        Unsteadiness = UnsteadyNodes.Find(Graph, Source.Tensor);
    }

    public OnnxGraph Graph { get; private set; }

    /// <summary>The original bytes of the model, with external weights included.</summary>
    public ReadOnlyMemory<byte> FileBytes { get; private set; }

    public ImageInput Input { get; }

    public ScoreSource Source { get; }

    /// <summary>The number of values per picture in the scored tensor: one per class, or a single value.</summary>
    public int Values { get; }

    /// <summary>The size of the picture to which the shapes of the layers belong.</summary>
    public (int Height, int Width) TriedSize { get; }

    public LayerFinder Layers { get; }

    public DefaultChoice DefaultLayer { get; private set; }

    public Unsteadiness Unsteadiness { get; }

    /// <summary>Whether there is one score per image position, as in a detector or a segmentation network.</summary>
    public bool ScoresHavePositions { get; }

    /// <summary>The metadata that the exporting program wrote about the model's pictures and classes.</summary>
    public ExporterMetadata Exporter { get; }

    public SessionFactory Factory { get; }

    /// <summary>Returns the same network with another default layer.</summary>
    public ModelAnalysis WithDefault(DefaultChoice choice)
    {
        var other = (ModelAnalysis)MemberwiseClone();
        other.DefaultLayer = choice;
        return other;
    }

    /// <summary>Returns the same network with other weights, without repeating the analysis.</summary>
    public ModelAnalysis WithBytes(ReadOnlyMemory<byte> model)
    {
        var other = (ModelAnalysis)MemberwiseClone();
        (other.Graph, other.FileBytes) = (OnnxGraph.Read(model), model);
        return other;
    }

    private static OnnxGraph Read(ModelFiles files, ModelOptions options)
    {
        OnnxGraph graph = Read(files.Model, files.Name);
        ExternalData.Check(files.Model.Span, files.Folder);
        return ExternalWeights.TakeIn(files, graph, options.MaxModelBytes) is { } whole
            ? Read(whole, files.Name)
            : graph;
    }

    private static OnnxGraph Read(ReadOnlyMemory<byte> model, string name)
    {
        try
        {
            return OnnxGraph.Read(model);
        }
        catch (UnsupportedModelException exception)
        {
            string message = $"'{name}' cannot be loaded. {exception.Message}";
            throw new UnsupportedModelException(message, exception.InnerException);
        }
    }

    private int ValuesPerPicture(ScoreSource source, IReadOnlyList<long> shape)
    {
        long values = 1;
        foreach (long size in shape)
            values = Math.Min(values * Math.Min(size, int.MaxValue), int.MaxValue);
        if (Input.Batch is > 1 && values % Input.Batch == 0)
            values /= Input.Batch.Value;
        string dims = $"The scores '{source.Tensor}' have the shape [{string.Join(", ", shape)}]";
        // One picture was run, so every dimension except the class dimension is 1 (or the fixed batch size).
        if (values < 1 || shape.Count(size => size > 1) > (Input.Batch > 1 ? 2 : 1))
            throw new UnsupportedModelException(
                $"{dims}; one score per class was expected, as [N, C] or [N, C, 1, 1]. Is this a classifier? "
                + "If the class scores are another output, name it in ModelOptions.Output.");
        return values <= MostClasses
            ? (int)values
            : throw new UnsupportedModelException($"{dims}; at most {MostClasses} classes were expected.");
    }
}
