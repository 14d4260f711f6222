using System.Diagnostics;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Methods;

/// <summary>Writes a mask. Called from several threads, for different indices.</summary>
/// <param name="index">Which of the masks.</param>
/// <param name="mask">
/// The mask to write, H × W of the input, row-major, all zero at first. 1 keeps a pixel and 0 replaces it by the fill.
/// </param>
public delegate void MaskWriter(int index, Span<float> mask);

/// <summary>
/// What a method is given: one picture, the prediction for it, the targets, and ways to score changed pictures. It is
/// valid until the method returns.
/// </summary>
public class MethodContext
{
    internal MethodContext(MethodCall call, View view, int sweepsLeft) =>
        (Call, View, SweepsLeft) = (call, view, sweepsLeft);

    /// <summary>The prepared picture, or its mirror image in the second half of flip averaging.</summary>
    public PreparedImage Image => View.Image;

    /// <summary>What the network says about the whole picture.</summary>
    public Prediction Prediction => Call.Prediction;

    /// <summary>The targets to explain, resolved on the prediction.</summary>
    public IReadOnlyList<Target> Targets => Call.Targets;

    /// <summary>Stops the explanation. Long computations between passes should check it.</summary>
    public CancellationToken CancellationToken => Call.Run.CancellationToken;

    /// <summary>Rows of the network's input.</summary>
    public int Height => Image.Height;

    /// <summary>Columns of the network's input.</summary>
    public int Width => Image.Width;

    internal MethodCall Call { get; }

    internal View View { get; }

    internal NetworkInput Input => View.Input;

    /// <summary>
    /// Contexts of the explanation that are still to be worked on, this one included: they share its time.
    /// </summary>
    internal int SweepsLeft { get; }

    /// <summary>
    /// Scores the picture under masks: the network sees fill + M ⊙ (X − fill), where X is the prepared picture. Masks
    /// run in batches on all workers.
    /// </summary>
    /// <param name="count">Number of masks.</param>
    /// <param name="write">Writes one of them.</param>
    /// <param name="scored">What is read for a target.</param>
    /// <returns>One row per target, one score per mask.</returns>
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

    /// <summary>One raw map for each target.</summary>
    /// <param name="map">Makes the raw map of a target, given by its index in <see cref="Targets"/>.</param>
    public IReadOnlyList<RawMap> ForEachTarget(Func<int, RawMap> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return [.. Enumerable.Range(0, Targets.Count).Select(map)];
    }

    /// <summary>The same raw map for every target.</summary>
    public IReadOnlyList<RawMap> ForAllTargets(RawMap map) => [.. Targets.Select(_ => map)];

    /// <summary>Scores all classes on one picture, in the network's layout, that the run expects already.</summary>
    internal float[] ScoreClasses(Action<Span<float>> write, ScoredValue scored)
    {
        float[] classes = [];
        new BatchScorer(Call.Network.Pool, Height, Width, Call.Head, scored == ScoredValue.Probability).Score(
            1, (_, picture, _) => write(picture), (_, scores) => classes = scores.ToArray(), Call.Run);
        return classes;
    }

    /// <summary>Scores pictures of the input's size.</summary>
    internal TargetScorer Scorer(ScoredValue scored) =>
        new(Call.Network.Pool, Height, Width, Call.Head, Targets, scored == ScoredValue.Probability);

    /// <summary>The score of each target on another picture: a logit, or what the target makes of the logits.</summary>
    /// <param name="tensor">The picture, channels × height × width.</param>
    internal float[] ScoreAt(float[] tensor)
    {
        var view = PreparedImage.FromTensor(tensor, Image.Channels, Height, Width);
        Call.Run.Expect(1);
        float[] scores = ScoreClasses(Call.Model.ToNetworkInput(view).Write, ScoredValue.Logit);
        return [.. Targets.Select(target => TargetScorer.ScoreOf(target, scores))];
    }

    /// <summary>The score of each target on the whole picture.</summary>
    internal float[] WholePicture(ScoredValue scored)
    {
        float[] scores = Prediction.Logits.ToArray();
        if (scored == ScoredValue.Probability)
            Call.Head.Probabilities(scores, scores);
        return [.. Targets.Select(target => TargetScorer.ScoreOf(target, scores))];
    }
}

/// <summary>The picture or its mirror image, and the same in the network's layout.</summary>
internal sealed record View(PreparedImage Image, NetworkInput Input);

/// <summary>What all contexts of one explanation share.</summary>
/// <param name="Model">The model.</param>
/// <param name="Run">How runs are stopped and whom they tell.</param>
/// <param name="Elapsed">Runs since the explanation began.</param>
/// <param name="Values">The network's values for the whole picture.</param>
/// <param name="Prediction">What they say.</param>
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
