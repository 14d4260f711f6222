using System.Runtime.CompilerServices;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam;

/// <summary>
/// The base class of all explanation methods. An explainer owns no resources and does not need to be disposed. Do not
/// dispose its model while the explainer is in use. Thread-safe.
/// </summary>
/// <remarks>
/// To write your own method, derive from <see cref="Methods.LayerExplainer"/>, <see cref="Methods.MaskExplainer"/> or
/// <see cref="Methods.InputExplainer"/>.
/// </remarks>
public abstract class Explainer
{
    /// <summary>Creates an explainer for a model.</summary>
    protected Explainer(ImageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The model to explain.</summary>
    public ImageModel Model { get; }

    /// <summary>The name of the method. It appears in <see cref="Explanation.Method"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Explains one target on a picture.</summary>
    /// <param name="picture">The original picture, of any size.</param>
    /// <param name="target">The target to explain. The default is the predicted class.</param>
    /// <param name="progress">Receives a report after every batch, from worker threads.</param>
    /// <param name="cancellationToken">Cancels the explanation, even during a batch.</param>
    /// <exception cref="ArgumentException">
    /// The target does not exist in this model, or it has no gradient although the method needs one. Or the image does
    /// not fit the model, or <see cref="ModelOptions.BatchSize"/> is too large for the model.
    /// </exception>
    /// <exception cref="UnsupportedModelException">The method does not support this model.</exception>
    /// <exception cref="ScoreCamException">The network produced non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">The explanation was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Explanation Explain(
        RgbImage picture,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Explain(Model.Prepare(picture), [target ?? Target.Predicted], progress, cancellationToken)[0];

    /// <summary>Explains several targets on a picture. All targets share the network runs.</summary>
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
    /// Explains several targets on a prepared picture or tensor. All targets share the network runs. The result has one
    /// explanation per target, in the same order.
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
    /// Explains pictures one at a time. Each picture is explained on all workers when its result is enumerated, so only
    /// one picture is in memory at a time.
    /// </summary>
    /// <param name="pictures">The original pictures, of any size.</param>
    /// <param name="target">The target to explain in each picture. The default is the predicted class.</param>
    /// <param name="progress">
    /// Receives a report after every batch, from worker threads. The count restarts with each picture.
    /// </param>
    /// <param name="cancellationToken">Cancels the explanation, even during a batch.</param>
    /// <returns>One explanation per picture, in the same order.</returns>
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

    /// <summary>Explains one target on a picture, on a thread-pool thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<Explanation> ExplainAsync(
        RgbImage picture,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Explain(picture, target, progress, cancellationToken), cancellationToken);

    /// <summary>Explains several targets on a picture, on a thread-pool thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, IReadOnlyList{Target}, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<IReadOnlyList<Explanation>> ExplainAsync(
        RgbImage picture,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        // The caller may change its list in the meantime.
        Target[]? asked = targets?.ToArray();
        return Task.Run(() => Explain(picture, asked!, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Explains one target on a prepared picture or tensor, on a thread-pool thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<Explanation> ExplainAsync(
        PreparedImage image,
        Target? target = null,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Explain(image, target, progress, cancellationToken), cancellationToken);

    /// <summary>Explains several targets on a prepared picture or tensor, on a thread-pool thread.</summary>
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
    /// Explains the pictures of an asynchronous stream one at a time. The next picture is requested only after the
    /// caller has received the previous result.
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

    /// <summary>Runs the method and returns one explanation per target, in the same order.</summary>
    /// <param name="image">The prepared picture.</param>
    /// <param name="targets">The targets to explain; at least one.</param>
    /// <param name="progress">Receives a report after every batch; may be null.</param>
    /// <param name="cancellationToken">Cancels the explanation.</param>
    protected abstract IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress,
        CancellationToken cancellationToken);

    /// <summary>Resolves the targets, so that they no longer depend on the prediction.</summary>
    /// <exception cref="ScoreCamException">
    /// A custom target resolved to null, or to a class that does not exist.
    /// </exception>
    private protected static Target[] Resolve(IReadOnlyList<Target> targets, Prediction prediction) =>
        [.. targets.Select(target => Resolve(target, prediction))];

    /// <summary>Warnings about the model that apply to every map.</summary>
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
