using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Images;
using ScoreCam.Targets;
using ScoreCam.Tests.Golden;
using ScoreCam.Tests.Support;
using Xunit;
using static ScoreCam.Tests.Support.TinyModel;

namespace ScoreCam.Tests.Methods.ScoreCam;

/// <summary>Score-CAM compared with naive loops over a plain session, which follow Algorithm 1 of the paper.</summary>
public class BruteForceTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public void The_paper_preset_equals_the_algorithm_of_the_paper(int seed, int target)
    {
        byte[] network = Networks.Trunk(seed: seed).Output(Networks.Layer).Output("logits").ToBytes();
        PreparedImage image = Networks.Picture(seed);
        using ImageModel model = ImageModel.Load(network, new() { Output = "logits", BatchSize = 4 });
        Explanation why = model.Explain(image, Target.Class(target));

        using var session = new InferenceSession(network);
        var expected = ScoreCam(session, image, target, Masked);
        why.Layers[0].Layer.Name.Should().Be(Networks.Layer);
        NpyRows.LargestDifference(why.Layers[0].ChannelScores.ToArray(), expected.Scores).Should().BeLessThan(1e-4f);
        NpyRows.LargestDifference(why.Layers[0].ChannelWeights.ToArray(), expected.Weights).Should().BeLessThan(1e-5f);
        why.Map.Values.LargestDifference(expected.Map).Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void A_masked_uint8_input_is_rounded_to_nearest()
    {
        byte[] network = Networks.Tail(new TinyModel(seed: Networks.Seed)
            .InputOf("image", DataType.UInt8, -1, 3, Networks.Height, Networks.Width).Cast("real", DataType.Float)
            .Initializer("shift", [1], -128f).Add("shifted", "real", "shift").Initializer("scale", [1], 0.01f)
                .Mul("scaled", "shifted", "scale")).Output(Networks.Layer).Output("logits").ToBytes();
        byte[] pixels = new byte[3 * Networks.Height * Networks.Width];
        new Random(5).NextBytes(pixels);
        var picture = new RgbImage(Networks.Width, Networks.Height, pixels);
        using ImageModel model = ImageModel.Load(network, new() { Output = "logits" });
        model.Preprocessing.Should().Be(Preprocessing.Byte, "a uint8 input takes the bytes as they are");
        Explanation why = model.Explain(model.Prepare(picture), Target.Class(1));

        using var session = new InferenceSession(network);
        var rounded = ScoreCam(session, model.Prepare(picture), 1, (x, m) => (byte)Math.Floor((x * m) + 0.5));
        var truncated = ScoreCam(session, model.Prepare(picture), 1, (x, m) => (byte)(x * m));
        why.Map.Values.LargestDifference(rounded.Map).Should()
            .BeLessThan(6e-4f, "a few products are so close to a half that float and double round them differently");
        why.Map.Values.LargestDifference(truncated.Map).Should().BeGreaterThan(1.5e-3f, "truncation would be visible");
    }

    private static object Masked(double x, double m) => (float)(x * m);

    /// <summary>
    /// The paper preset, on a session that has the outputs "logits" and the layer. The score of a channel is the mean
    /// over the variants of its mask.
    /// </summary>
    internal static (float[] Scores, float[] Weights, float[] Map) ScoreCam(InferenceSession session,
        PreparedImage image, int target, Func<double, double, object>? masked = null, string layer = Networks.Layer,
        Func<double[], double[][]>? variants = null)
    {
        masked ??= Masked;
        variants ??= mask => [mask];
        int plane = image.Height * image.Width;
        double[] whole = [.. image.Tensor.ToArray().Select(v => (double)v)];
        (double[] features, _) = Run(session, image, [.. whole.Select(x => masked(x, 1))], layer);
        int[] shape = session.OutputMetadata[layer].Dimensions;
        (int channels, int h, int w) = (shape[1], shape[2], shape[3]);

        var scores = new double[channels];
        for (int k = 0; k < channels; k++)
        {
            double[] mask = MinMax(Upsample(features[(k * h * w)..((k + 1) * h * w)], h, w, image.Height, image.Width));
            foreach (double[] variant in variants(mask))
                scores[k] += Run(session, image, [.. whole.Select((x, i) => masked(x, variant[i % plane]))],
                    layer).Logits[target];
            scores[k] /= variants(mask).Length;
        }
        double total = scores.Sum(s => Math.Exp(s - scores.Max()));
        double[] weights = [.. scores.Select(s => Math.Exp(s - scores.Max()) / total)];
        double[] sum = [.. Enumerable.Range(0, h * w)
            .Select(i => Math.Max(0, Enumerable.Range(0, channels).Sum(k => weights[k] * features[(k * h * w) + i])))];
        return (Floats(scores), Floats(weights), Floats(MinMax(Upsample(sum, h, w, image.Height, image.Width))));
    }

    private static (double[] Features, double[] Logits) Run(InferenceSession session, PreparedImage image,
        object[] values, string layer)
    {
        long[] shape = [1, image.Channels, image.Height, image.Width];
        using OrtValue input = values[0] is byte
            ? OrtValue.CreateTensorValueFromMemory(values.Cast<byte>().ToArray(), shape)
            : OrtValue.CreateTensorValueFromMemory(values.Cast<float>().ToArray(), shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(options, ["image"], [input], [layer, "logits"]);
        return (Doubles(results[0]), Doubles(results[1]));
    }

    /// <summary>Bilinear with half-pixel centres, edges clamped.</summary>
    private static double[] Upsample(double[] map, int h, int w, int height, int width)
    {
        var result = new double[height * width];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                double sy = Math.Clamp(((y + 0.5) * h / height) - 0.5, 0, h - 1),
                    sx = Math.Clamp(((x + 0.5) * w / width) - 0.5, 0, w - 1);
                (int y0, int x0) = ((int)sy, (int)sx);
                (int y1, int x1) = (Math.Min(y0 + 1, h - 1), Math.Min(x0 + 1, w - 1));
                result[(y * width) + x] =
                    ((1 - (sy - y0)) * (((1 - (sx - x0)) * map[(y0 * w) + x0]) + ((sx - x0) * map[(y0 * w) + x1])))
                    + ((sy - y0) * (((1 - (sx - x0)) * map[(y1 * w) + x0]) + ((sx - x0) * map[(y1 * w) + x1])));
            }
        return result;
    }

    private static double[] MinMax(double[] values)
    {
        (double min, double max) = (values.Min(), values.Max());
        return [.. values.Select(v => (v - min) / (max - min))];
    }

    private static double[] Doubles(OrtValue value) =>
        [.. value.GetTensorDataAsSpan<float>().ToArray().Select(v => (double)v)];

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];
}
