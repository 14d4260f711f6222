using System.Diagnostics;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods;

/// <summary>Writes a mask. Called from several threads, for different indices.</summary>
/// <param name="index">The index of the mask.</param>
/// <param name="mask">
/// The mask to write, height × width of the input, row-major, initially all zeros. 1 keeps a pixel, and 0 replaces it
/// with the fill.
/// </param>
public delegate void MaskWriter(int index, Span<float> mask);

/// <summary>
/// The input of a method: one picture, the prediction for it, the targets, and ways to score changed pictures. It is
/// valid until the method returns.
/// </summary>
public class MethodContext
{
    internal MethodContext(MethodCall call, View view, int sweepsLeft) =>
        (Call, View, SweepsLeft) = (call, view, sweepsLeft);

    /// <summary>The prepared picture. With flip averaging, the second context has its mirror image.</summary>
    public PreparedImage Image => View.Image;

    /// <summary>The network's prediction for the unmasked picture.</summary>
    public Prediction Prediction => Call.Prediction;

    /// <summary>The targets to explain. They are already resolved for this prediction.</summary>
    public IReadOnlyList<Target> Targets => Call.Targets;

    /// <summary>Signals that the explanation was cancelled. Long computations between passes should check it.</summary>
    public CancellationToken CancellationToken => Call.Run.CancellationToken;

    /// <summary>The number of rows of the network's input.</summary>
    public int Height => Image.Height;

    /// <summary>The number of columns of the network's input.</summary>
    public int Width => Image.Width;

    internal MethodCall Call { get; }

    internal View View { get; }

    internal NetworkInput Input => View.Input;

    /// <summary>
    /// The number of contexts of the explanation that are not finished, including this one. They share the remaining
    /// time.
    /// </summary>
    internal int SweepsLeft { get; }

    /// <summary>
    /// Scores the picture under masks. The network sees fill + M ⊙ (X − fill), where X is the prepared picture. The
    /// masks run in batches on all workers.
    /// </summary>
    /// <param name="count">The number of masks.</param>
    /// <param name="write">Writes one mask.</param>
    /// <param name="scored">The value to read for a target.</param>
    /// <returns>One row per target, with one score per mask.</returns>
    /// <exception cref="ScoreCamException">The network failed, or a score is not finite.</exception>
    public float[][] ScoreMasks(int count, MaskWriter write, ScoredValue scored)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Scorer(scored).Score(count, WritePicture, Call.Run);

        void WritePicture(int i, Span<float> picture, BatchBuffer buffer)
        {
            Span<float> mask = buffer.Mask;
            mask.Clear();
            write(i, mask);
            Input.WriteMasked(mask, picture);
        }
    }

    /// <summary>Creates one raw map per target.</summary>
    /// <param name="map">
    /// Creates the raw map of a target. The argument is the target's index in <see cref="Targets"/>.
    /// </param>
    public IReadOnlyList<RawMap> ForEachTarget(Func<int, RawMap> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return [.. Enumerable.Range(0, Targets.Count).Select(map)];
    }

    /// <summary>Returns the same raw map for every target.</summary>
    public IReadOnlyList<RawMap> ForAllTargets(RawMap map) => [.. Targets.Select(_ => map)];

    /// <summary>
    /// Scores all classes on one picture in the network's layout. The caller has already announced this run to the run
    /// context.
    /// </summary>
    internal float[] ScoreClasses(Action<Span<float>> write, ScoredValue scored)
    {
        float[] classes = [];
        new BatchScorer(Call.Network.Pool, Height, Width, Call.Head, scored == ScoredValue.Probability).Score(
            1, (_, picture, _) => write(picture), (_, scores) => classes = scores.ToArray(), Call.Run);
        return classes;
    }

    /// <summary>
    /// Returns the end of a share of the time budget, as a time since the explanation began; null if there is no
    /// budget. Each context consists of the same number of shares, which run one after the other.
    /// </summary>
    /// <param name="budget">The time for the whole explanation.</param>
    /// <param name="shares">The number of shares of this context.</param>
    /// <param name="done">The number of shares of this context that are finished.</param>
    internal TimeSpan? EndOfShare(TimeSpan? budget, int shares, int done) =>
        TimeShares.End(budget, Call.Elapsed.Elapsed, (SweepsLeft * shares) - done);

    /// <summary>Creates a scorer for pictures of the input's size.</summary>
    internal TargetScorer Scorer(ScoredValue scored) =>
        new(Call.Network.Pool, Height, Width, Call.Head, Targets, scored == ScoredValue.Probability);

    /// <summary>
    /// Returns the score of each target on another picture: a logit, or the target's function of the logits.
    /// </summary>
    /// <param name="tensor">The picture, channels × height × width.</param>
    internal float[] ScoreAt(float[] tensor)
    {
        var view = PreparedImage.FromTensor(tensor, Image.Channels, Height, Width);
        Call.Run.Expect(1);
        float[] scores = ScoreClasses(Call.Model.ToNetworkInput(view).Write, ScoredValue.Logit);
        return [.. Targets.Select(target => TargetScorer.ScoreOf(target, scores))];
    }

    /// <summary>Returns the score of each target on the unmasked picture.</summary>
    internal float[] WholePicture(ScoredValue scored)
    {
        float[] scores = Prediction.Logits.ToArray();
        if (scored == ScoredValue.Probability)
            Call.Head.Probabilities(scores, scores);
        return [.. Targets.Select(target => TargetScorer.ScoreOf(target, scores))];
    }
}

/// <summary>The picture or its mirror image, and the same picture in the network's layout.</summary>
internal sealed record View(PreparedImage Image, NetworkInput Input);

/// <summary>The state that all contexts of one explanation share.</summary>
/// <param name="Model">The model.</param>
/// <param name="Run">Cancellation and progress of the network runs.</param>
/// <param name="Elapsed">The time since the explanation began.</param>
/// <param name="Values">The network's values for the unmasked picture.</param>
/// <param name="Prediction">The prediction that these values give.</param>
/// <param name="Targets">The resolved targets.</param>
internal sealed record MethodCall(
    ImageModel Model,
    RunContext Run,
    Stopwatch Elapsed,
    float[] Values,
    Prediction Prediction,
    Target[] Targets)
{
    public Network Network => Model.Network;

    public ScoreHead Head => Model.Network.Head;
}
