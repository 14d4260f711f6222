using ScoreCam.Evaluation;
using ScoreCam.Images;
using ScoreCam.Targets;
using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Evaluation;

/// <summary>An explainer whose map is any function of the picture. It counts its calls.</summary>
internal sealed class MapOf(ImageModel model, Func<PreparedImage, float[]> map) : Explainer(model)
{
    public int Calls { get; private set; }

    public override string Name => "test";

    protected override IReadOnlyList<Explanation> ExplainCore(
        PreparedImage image,
        IReadOnlyList<Target> targets,
        IProgress<ExplainProgress>? progress,
        CancellationToken cancellationToken)
    {
        Calls++;
        var values = new SaliencyMap(image.Width, image.Height, map(image));
        Prediction prediction = Model.Predict(image);
        return [.. targets.Select(target => target.Resolve(prediction)).Select(target => new Explanation
        {
            Method = Name,
            TargetName = target.Name,
            ClassIndex = target.ClassIndex,
            Map = values,
            RawMap = values,
            Mapping = image.Mapping,
            Picture = image.Picture,
            ModelSha256 = Model.Sha256,
        })];
    }
}

/// <summary>Cases with a given map, and probabilities by ONNX Runtime alone.</summary>
internal static class EvaluationSetup
{
    /// <summary>Two classes: logit 0 is the weighted sum of a grey picture, logit 1 is zero.</summary>
    public static byte[] Linear(int side, params float[] weights) =>
        new TinyModel().Input("image", 1, 1, side, side).Flatten("flat")
            .Initializer("w", [2, side * side], [.. weights, .. new float[side * side]]).Initializer("b", [2], 0f, 0f)
            .Op("Gemm", "logits", ["flat", "w", "b"], TinyModel.Attribute("transB", 1)).Output().ToBytes();

    public static EvaluationCase With(
        ImageModel model, PreparedImage picture, float[] map, int classIndex, params Box[] boxes)
    {
        var explainer = new MapOf(model, _ => map);
        Explanation explanation = explainer.On(picture, Target.Class(classIndex));
        return new EvaluationCase(explainer, picture, explanation) { Boxes = boxes };
    }

    public static double? Value(this Metric metric, EvaluationCase evaluation) => metric.On(evaluation).Value;

    public static MetricResult On(this Metric metric, EvaluationCase evaluation) =>
        metric.Evaluate(evaluation, TestContext.Current.CancellationToken);

    public static double Probability(TinyModel tiny, IEnumerable<float> input, int classIndex)
    {
        double[] exp = [.. Tiny.Run(tiny.Model, input.ToArray(), "logits").Select(l => Math.Exp(l))];
        return exp[classIndex] / exp.Sum();
    }

    /// <summary>A map of distinct values, 0 to 1 with both ends, in random order.</summary>
    public static float[] DistinctMap(int seed, int length = 64)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).OrderBy(_ => random.Next()).Select(i => i / (float)(length - 1))];
    }

    public static PreparedImage Grey(int side, params float[] values) =>
        PreparedImage.FromTensor(values, 1, side, side);
}
