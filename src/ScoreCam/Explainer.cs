using System.Runtime.CompilerServices;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Targets;

namespace ScoreCam;

/// <summary>
/// A way to explain a model. Every method is a subclass; it owns nothing, needs no disposing and is thread-safe. The model must outlive it.
/// </summary>
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
    /// <exception cref="ArgumentException">The target does not exist in this model, the image does not fit it, or <see cref="ModelOptions.BatchSize"/> is too large for it.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot be explained.</exception>
    /// <exception cref="ScoreCamException">The network gave non-finite values, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Explanation Explain(RgbImage picture, Target? target = null, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Explain(Model.Prepare(picture), [target ?? Target.Predicted], progress, cancellationToken)[0];

    /// <summary>Explains several targets on a picture, all from one sweep.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public IReadOnlyList<Explanation> Explain(RgbImage picture, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Explain(Model.Prepare(picture), targets, progress, cancellationToken);

    /// <summary>Explains one target on a prepared picture or tensor.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Explanation Explain(PreparedImage image, Target? target = null, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Explain(image, [target ?? Target.Predicted], progress, cancellationToken)[0];

    /// <summary>Explains several targets on a prepared picture or tensor, all from one sweep; one explanation per target, in their order.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public IReadOnlyList<Explanation> Explain(PreparedImage image, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count == 0)
            throw new ArgumentException("No targets were given; give at least one, for example Target.Predicted.", nameof(targets));
        for (int i = 0; i < targets.Count; i++)
            if (targets[i] is null)
                throw new ArgumentException($"Target {i} of {targets.Count} is null.", nameof(targets));
        cancellationToken.ThrowIfCancellationRequested();
        return ExplainCore(image, targets, progress, cancellationToken);
    }

    /// <summary>Explains one target on a picture, off the caller's thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<Explanation> ExplainAsync(RgbImage picture, Target? target = null, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Explain(picture, target, progress, cancellationToken), cancellationToken);

    /// <summary>Explains several targets on a picture, off the caller's thread.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public Task<IReadOnlyList<Explanation>> ExplainAsync(RgbImage picture, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // The caller may use its list for something else meanwhile.
        Target[]? asked = targets?.ToArray();
        return Task.Run(() => Explain(picture, asked!, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Explains the pictures of a stream one after the other; the next is taken when the result of the last was.</summary>
    /// <inheritdoc cref="Explain(RgbImage, Target?, IProgress{ExplainProgress}?, CancellationToken)"/>
    public async IAsyncEnumerable<Explanation> ExplainAsync(
        IAsyncEnumerable<RgbImage> pictures, Target? target = null, IProgress<ExplainProgress>? progress = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        await foreach (RgbImage picture in pictures.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return await ExplainAsync(picture, target, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The method itself: one explanation per target, in their order.</summary>
    protected abstract IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image, IReadOnlyList<Target> targets, IProgress<ExplainProgress>? progress, CancellationToken cancellationToken);

    /// <summary>The targets that the prediction decides on.</summary>
    /// <exception cref="ScoreCamException">A target of the caller's own gave none, or a class that does not exist.</exception>
    private protected static Target[] Resolve(IReadOnlyList<Target> targets, Prediction prediction) => [.. targets.Select(target =>
    {
        Target resolved = target.Resolve(prediction) ?? throw new ScoreCamException($"The target '{target.Name}' resolved to null; a target was expected, for example the same one.");
        return resolved.ClassIndex is not { } index || (uint)index < (uint)prediction.Logits.Length ? resolved
            : throw new ScoreCamException($"The target '{resolved.Name}' has the class index {index}; the network has the classes 0 to {prediction.Logits.Length - 1}, and null stands for none of them.");
    })];

    /// <summary>What a reader should know about the model before trusting any map of it.</summary>
    private protected IEnumerable<string> ModelWarnings(PreparedImage image) => Model.WarningsFor(image);
}
