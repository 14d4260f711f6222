using System.Numerics;
using ScoreCam.Images;
using ScoreCam.IO;
using ScoreCam.Onnx.Analysis;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// The class names, preprocessing and score kind of a model. They come from the options, sidecars, metadata and graph,
/// in this order. If no source specifies a fact, it is assumed and a warning is added.
/// </summary>
internal sealed class ModelFacts
{
    private const string Options = nameof(ModelOptions);

    /// <param name="name">The name of the model.</param>
    /// <param name="options">The loading options.</param>
    /// <param name="sidecars">The information in the files beside the model.</param>
    /// <param name="model">The analysis of the graph.</param>
    /// <exception cref="ArgumentException">An option is not valid for this model.</exception>
    /// <exception cref="InvalidDataException">
    /// The number of class names in a sidecar or in the metadata differs from the number of classes.
    /// </exception>
    public ModelFacts(string name, ModelOptions options, Sidecars sidecars, ModelAnalysis model)
    {
        Preprocessing? stated = options.Preprocessing ?? sidecars.Preprocessing;
        (ClassLabels? labels, string? source) = Labels(name, options, sidecars, model);
        Kind = KindOf(options, model, labels);
        int classes = Kind == ScoreKind.Value ? 1 : model.Values == 1 ? 2 : model.Values;
        if (labels is not null && labels.Count != classes)
            throw source is null
                ? new ArgumentException(
                    $"{labels.Count} class names were given, and the network has {classes} classes.", nameof(options))
                : new InvalidDataException(
                    $"{source} names {labels.Count} classes, and the network has {classes}. "
                    + $"Give the names in {Options}.{nameof(ModelOptions.Labels)}.");
        Classes = labels ?? (Kind == ScoreKind.Value ? new ClassLabels(["value"]) : ClassLabels.Numbered(classes));

        PictureRange? inGraph = InputArithmetic.Find(model.Graph, model.Input.Name);
        Preprocessing? told = stated ?? FromMetadata(model) ?? FromRange(inGraph);
        Preprocessing found = told ?? Usual(model.Input);
        Preprocessing = Configured(options, found);
        bool isAssumed = told is null && HasColorsOf(found);
        Warnings = [.. ModelWarnings(options, model)];
        PictureWarnings = [.. OfPictures(options, isAssumed, stated is not null && inGraph is not null, model)];
    }

    public ScoreKind Kind { get; }

    public ClassLabels Classes { get; }

    public Preprocessing Preprocessing { get; }

    /// <summary>The warnings for every explanation.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The additional warnings for pictures that this library prepared, as opposed to the caller.</summary>
    public IReadOnlyList<string> PictureWarnings { get; }

    /// <summary>Returns a preprocessing with the changes that the options specify.</summary>
    public static Preprocessing Configured(ModelOptions options, Preprocessing found) =>
        options.ConfigurePreprocessing?.Invoke(found) ?? found;

    private bool HasColorsOf(Preprocessing other) =>
        (Preprocessing.Scale, Preprocessing.Mean, Preprocessing.Std) == (other.Scale, other.Mean, other.Std);

    private static Preprocessing? FromRange(PictureRange? range) => range switch
    {
        PictureRange.Bytes => Preprocessing.Byte,
        PictureRange.Unit => Preprocessing.Unit,
        PictureRange.Signed => Preprocessing.Inception,
        _ => null,
    };

    // The programs that write such metadata crop pictures to the shape of the input.
    private static Preprocessing? FromMetadata(ModelAnalysis model)
    {
        if (FromRange(model.Exporter.Range) is not { } values)
            return null;
        return values with
        {
            Order = model.Exporter.IsBgr ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            Fit = Fit.CenterCrop,
            Height = model.Input.Height is null ? model.Exporter.Size?.Height : null,
            Width = model.Input.Width is null ? model.Exporter.Size?.Width : null,
        };
    }

    private static ScoreKind KindOf(ModelOptions options, ModelAnalysis model, ClassLabels? labels)
    {
        if (options.ScoreKind is { } stated)
        {
            string option = $"{Options}.{nameof(ModelOptions.ScoreKind)}";
            return (stated, model.Values) switch
            {
                (ScoreKind.Softmax, 1) => throw new ArgumentException(
                    $"{option} is Softmax, and the network gives one value; give Sigmoid or Value.", nameof(options)),
                (ScoreKind.Value, > 1) => throw new ArgumentException(
                    $"{option} is Value, and the network gives {model.Values} scores; give Softmax or Sigmoid.",
                    nameof(options)),
                _ => stated,
            };
        }
        ScoreSource source = model.Source;
        bool isSigmoid = source.Ending == Ending.Sigmoid || source.Values == ScoreValues.IndependentProbabilities;
        if (model.Values > 1)
            return isSigmoid ? ScoreKind.Sigmoid : ScoreKind.Softmax;
        // A single number without a sigmoid can mean anything. Two names show that it answers a yes–no question.
        return isSigmoid || labels?.Count == 2 ? ScoreKind.Sigmoid : ScoreKind.Value;
    }

    private static Preprocessing Usual(ImageInput input) =>
        input.IsByte ? Preprocessing.Byte
        : input.Channels == 1 ? Preprocessing.Unit
        : Preprocessing.Imagenet;

    private static (ClassLabels? Labels, string? Source) Labels(
        string name, ModelOptions options, Sidecars sidecars, ModelAnalysis model)
    {
        if (options.Labels is { } given)
            return (given, null);
        if (sidecars.Names is { } beside)
            return (new(beside), $"'{sidecars.NamesPath}'");
        if (LabelFile.FindInMetadata(model.Graph.Metadata, name) is { } inside)
            return (new(inside), $"The metadata of '{name}'");
        // A label encoder can have more labels than there are classes.
        IReadOnlyList<string>? names = model.Exporter.Classes;
        bool fits = names?.Count == model.Values || (model.Values == 1 && names?.Count == 2);
        return fits ? (new ClassLabels(names!), "The graph") : (null, null);
    }

    private IEnumerable<string> ModelWarnings(ModelOptions options, ModelAnalysis model)
    {
        ScoreSource source = model.Source;
        if (source.Warning is { } choice)
            yield return choice;
        if (model.ScoresHavePositions)
            yield return $"The scores '{source.Tensor}' hold values for positions in the picture, as a detector or a "
                + "segmentation network gives, and not one score per class. If another output holds the class scores, "
                + $"name it in {Options}.{nameof(ModelOptions.Output)}.";
        if (source.Values == ScoreValues.Probabilities)
            yield return "The network gives probabilities, and no softmax was found in its graph: log-probabilities "
                + "are scored instead of logits.";
        if (source.Values == ScoreValues.IndependentProbabilities)
            yield return "The network gives a probability for each class, and no sigmoid was found in its graph whose "
                + "logits could be scored: log(p / (1 − p)) is scored instead.";
        if (source.IsEmbedding && options.ScoreKind is null)
            yield return $"The vector '{source.Tensor}' has length 1 for every picture, as an embedding has. Its "
                + "values are explained as logits of classes. If another output holds the class scores, name it in "
                + $"{Options}.{nameof(ModelOptions.Output)}.";
        if (Kind == ScoreKind.Value && options.ScoreKind is null)
            yield return "The network gives one number without a sigmoid. It is explained as a value, without a "
                + "probability. If it is the logit of a yes–no question, set "
                + $"{Options}.{nameof(ModelOptions.ScoreKind)} to Sigmoid.";
        foreach (string warning in model.Unsteadiness.Warnings)
            yield return warning;
        if (model.Unsteadiness.BatchMatters && model.Input.Batch > 1)
            yield return $"The network takes {model.Input.Batch} pictures at a time, and they change each other's "
                + "scores.";
    }

    private IEnumerable<string> OfPictures(ModelOptions options, bool isAssumed, bool isTwice, ModelAnalysis model)
    {
        if (isAssumed)
            yield return "Nothing says how pictures are prepared for this network, so a common way was assumed. "
                + $"Give {Options}.{nameof(ModelOptions.Preprocessing)} if the prediction looks wrong.";
        if (isTwice && options.Preprocessing is null && Normalises(Preprocessing))
            yield return "The network normalises pictures itself, and its preprocessor configuration does so too. "
                + $"Give {Options}.{nameof(ModelOptions.Preprocessing)} if the prediction looks wrong.";
        if (model.Input is { Height: null, Width: null } && !Preprocessing.FixesSize)
            yield return "The network takes pictures of any size, and nothing says on which size it was trained. "
                + $"Pictures are shown with a longer side of at most {ImageModel.LongestFreeSide} pixels. Another size "
                + "is given in Preprocessing.Width and Height.";
    }

    private static bool Normalises(Preprocessing preprocessing) =>
        preprocessing.Mean != default || preprocessing.Std != Vector3.One;
}
