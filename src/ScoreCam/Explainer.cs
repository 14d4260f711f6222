using System.Runtime.CompilerServices;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam;

/// <summary>
/// A way to explain a model. Every method is a subclass. An explainer owns nothing, needs no disposing and is
/// thread-safe. The model must outlive it.
/// </summary>
/// <remarks>
/// To write a method of your own, derive from <see cref="Methods.LayerExplainer"/>, <see cref="Methods.MaskExplainer"/>
/// or <see cref="Methods.InputExplainer"/>.
/// </remarks>
public abstract class Explainer
{
    /// <summary>Explains with this model.</summary>
    protected Explainer(ImageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The model that is explained.</summary>
    public ImageModel Model { get; }

    /// <summary>Name of the method, as results carry it.</summary>
    public abstract string Name { get; }

    /// <summary>Explains one target on a picture.</summary>
    /// <param name="picture">The original, of any size.</param>
    /// <param name="target">What to explain; the predicted class by default.</param>
    /// <param name="progress">Told after every batch, from worker threads.</param>
    /// <param name="cancellationToken">Stops the run in the middle of a batch.</param>
    /// <exception cref="ArgumentException">
    /// The target does not exist in this model or has no gradient where the method needs one, the image does not fit
    /// the model, or <see cref="ModelOptions.BatchSize"/> is too large for it.
    /// </exception>
    /// <exception cref="UnsupportedModelException">The model cannot be explained by this method.</exception>
    /// <exception cref="ScoreCamException">The network gave non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Explanation Explain(
        RgbImage picture,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Explain(Model.Prepare(picture), [target ?? Target.Predicted], progress, cancellationToken)[0];

    /// <summary>Explains several targets on a picture. All of them share the passes.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public IReadOnlyList<Explanation> Explain(
        RgbImage picture,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Explain(Model.Prepare(picture), targets, progress, cancellationToken);

    /// <summary>Explains one target on a prepared picture or tensor.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Explanation Explain(
        PreparedImage image,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Explain(image, [target ?? Target.Predicted], progress, cancellationToken)[0];

    /// <summary>
    /// Explains several targets on a prepared picture or tensor. All of them share the passes. The result has one
    /// explanation per target, in their order.
    /// </summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public IReadOnlyList<Explanation> Explain(
        PreparedImage image,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count == 0)
            throw new ArgumentException(
                "No targets were given; give at least one, for example Target.Predicted.", nameof(targets));
        for (int i = 0; i < targets.Count; i++)
            if (targets[i] is null)
                throw new ArgumentException($"Target {i} of {targets.Count} is null.", nameof(targets));
        cancellationToken.ThrowIfCancellationRequested();
        return Telemetry.Explain(
            Model.Name, Name, targets.Count, () => ExplainCore(image, targets, progress, cancellationToken));
    }

    /// <summary>
    /// Explains pictures one after the other. Each one is explained when its result is asked for, on all workers, so
    /// that memory holds one picture at a time.
    /// </summary>
    /// <param name="pictures">The originals, of any size.</param>
    /// <param name="target">What to explain in each; the predicted class by default.</param>
    /// <param name="progress">Told after every batch, from worker threads; it begins anew with each picture.</param>
    /// <param name="cancellationToken">Stops the run in the middle of a batch.</param>
    /// <returns>One explanation per picture, in their order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pictures"/> is null.</exception>
    public IEnumerable<Explanation> ExplainAll(
        IEnumerable<RgbImage> pictures,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return pictures.Select(picture => Explain(picture, target, progress, cancellationToken));
    }

    /// <summary>Explains one target on a picture, off the caller's thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<Explanation> ExplainAsync(
        RgbImage picture,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Explain(picture, target, progress, cancellationToken), cancellationToken);

    /// <summary>Explains several targets on a picture, off the caller's thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, IReadOnlyList{Target}, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<IReadOnlyList<Explanation>> ExplainAsync(
        RgbImage picture,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        // The caller may use its list for something else meanwhile.
        Target[]? asked = targets?.ToArray();
        return Task.Run(() => Explain(picture, asked!, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Explains one target on a prepared picture or tensor, off the caller's thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<Explanation> ExplainAsync(
        PreparedImage image,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Explain(image, target, progress, cancellationToken), cancellationToken);

    /// <summary>Explains several targets on a prepared picture or tensor, off the caller's thread.</summary>
    /// <inheritdoc cref="Explain(PreparedImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<IReadOnlyList<Explanation>> ExplainAsync(
        PreparedImage image,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Target[]? asked = targets?.ToArray();
        return Task.Run(() => Explain(image, asked!, progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Explains the pictures of a stream one after the other. The next picture is taken after the caller has taken the
    /// result of the one before.
    /// </summary>
    /// <inheritdoc cref="ExplainAll(IEnumerable{RgbImage}, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public async IAsyncEnumerable<Explanation> ExplainAsync(
        IAsyncEnumerable<RgbImage> pictures,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        await foreach (RgbImage picture in pictures.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return await ExplainAsync(picture, target, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The method itself: one explanation per target, in their order.</summary>
    /// <param name="image">The picture, prepared.</param>
    /// <param name="targets">What to explain: at least one target.</param>
    /// <param name="progress">To be told after every batch; may be null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    protected abstract IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress,
        CancellationToken cancellationToken);

    /// <summary>The targets that no longer depend on the prediction.</summary>
    /// <exception cref="ScoreCamException">
    /// A target of the caller's own gave none, or a class that does not exist.
    /// </exception>
    private protected static Target[] Resolve(IReadOnlyList<Target> targets, Prediction prediction) =>
        [.. targets.Select(target => Resolve(target, prediction))];

    /// <summary>What a reader should know about the model before trusting any map of it.</summary>
    private protected IEnumerable<string> ModelWarnings(PreparedImage image) => Model.WarningsFor(image);

    private static Target Resolve(Target target, Prediction prediction)
    {
        Target resolved = target.Resolve(prediction) ?? throw new ScoreCamException(
            $"The target '{target.Name}' resolved to null; a target was expected, for example the same one.");
        int classes = prediction.Logits.Length;
        if (resolved.ClassIndex is { } index && (uint)index >= (uint)classes)
            throw new ScoreCamException(
                $"The target '{resolved.Name}' has the class index {index}; the network has the classes 0 to "
                + $"{classes - 1}, and null stands for none of them.");
        return resolved;
    }
}
