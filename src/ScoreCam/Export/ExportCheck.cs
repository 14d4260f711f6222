using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ScoreCam.Execution;
using ScoreCam.Images;
using ScoreCam.Methods;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;

namespace ScoreCam.Export;

/// <summary>Runs an exported model, and compares it with the original model and with the library's map.</summary>
internal sealed class ExportCheck(ImageModel model, SelfExplainingOptions options)
{
    /// <summary>
    /// The largest accepted difference from the library's own map. If a raw map is nearly constant, scaling it to 0…1
    /// magnifies its rounding errors. The difference is therefore relative to the raw map's magnitude if the magnitude
    /// is larger than its range.
    /// </summary>
    private const float Tolerance = 1e-5f;

    private readonly LayerExplainer _explainer = ExplainerOf(model, options);

    /// <summary>Returns the largest difference from the library's map, 0…1.</summary>
    /// <param name="exported">The exported model.</param>
    /// <exception cref="UnsupportedModelException">The exported model does not run.</exception>
    /// <exception cref="ScoreCamException">
    /// An original output differs, or the map differs by more than the tolerance.
    /// </exception>
    public float Run(byte[] exported)
    {
        Network network = model.Network;
        using var original = new WholeModel(network.Analysis.Factory, network.Bytes.ToArray(), model.Input);
        using WholeModel explained =
            MustRun(() => new WholeModel(network.Analysis.Factory, exported, model.Input));
        PreparedImage[] pictures = [.. Pictures()];
        float largest = pictures.Max(picture => Compare([picture], original, explained));
        return TakesSeveral(original, pictures) ? Math.Max(largest, Compare(pictures, original, explained)) : largest;
    }

    private T MustRun<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (exception is UnsupportedModelException or ScoreCamException)
        {
            string what = options.Method == ExportMethod.ReciproCam
                ? "the part after the layer does not run on several changed activations at once" : "it does not run";
            throw SelfExplainingModel.Refusal($"{what}. {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Whether the model accepts a batch of these pictures. Some models declare a free batch size but accept only one
    /// picture.
    /// </summary>
    private bool TakesSeveral(WholeModel original, PreparedImage[] pictures)
    {
        try
        {
            return model.Input.Batch is null && Run(original, pictures).Count > 0;
        }
        catch (ScoreCamException)
        {
            return false;
        }
    }

    /// <summary>Compares one run on some pictures.</summary>
    private float Compare(PreparedImage[] pictures, WholeModel original, WholeModel explained)
    {
        (string, long)? predicted = options.ClassInput ? (SaliencyGraph.ClassInput, -1) : null;
        Dictionary<string, byte[]> before = Run(original, pictures);
        Dictionary<string, byte[]> after = MustRun(() => Run(explained, pictures, predicted));
        foreach ((string name, byte[] values) in before)
            if (!after.TryGetValue(name, out byte[]? kept) || !kept.AsSpan().SequenceEqual(values))
                throw new ScoreCamException(
                    $"The exported model does not keep the output '{name}' bit for bit; it was not written. ONNX "
                    + "Runtime computes some operators together with the next ones, and reading a tensor between them "
                    + "changes its rounding. Choose a layer after an activation.");
        ReadOnlySpan<float> maps = MemoryMarshal.Cast<byte, float>(after[SaliencyGraph.Map]);
        float largest = 0;
        for (int i = 0; i < pictures.Length; i++)
        {
            Explanation why = _explainer.Explain(pictures[i]);
            int size = why.Map.Values.Length;
            float difference = LargestDifference(maps.Slice(i * size, size), why.Map.Values);
            // A comparison with NaN is false, so NaN fails this check.
            if (!(difference <= Tolerance * Contrast(why.RawMap.Values)))
                throw new ScoreCamException(
                    $"The map of the exported model differs from the library's by up to {difference:g2}, more than "
                    + $"{Tolerance:g1}; it was not written.");
            largest = Math.Max(largest, difference);
        }
        return largest;
    }

    private Dictionary<string, byte[]> Run(
        WholeModel network, PreparedImage[] pictures, (string, long)? classInput = null)
    {
        float[][] values = Array.ConvertAll(pictures, picture =>
        {
            var planes = new float[picture.Tensor.Length];
            model.ToNetworkInput(picture).Write(planes);
            return planes;
        });
        return network.Run(values, pictures[0].Height, pictures[0].Width, classInput);
    }

    private static float LargestDifference(ReadOnlySpan<float> map, ReadOnlySpan<float> expected)
    {
        var differences = new float[map.Length];
        TensorPrimitives.Subtract(map, expected, differences);
        return MathF.Abs(TensorPrimitives.MaxMagnitude<float>(differences));
    }

    /// <summary>The magnitude of a raw map divided by its range, at least 1.</summary>
    private float Contrast(ReadOnlySpan<float> raw)
    {
        float least = TensorPrimitives.Min(raw), most = TensorPrimitives.Max(raw);
        if (options.Rectifies)
            (least, most) = (Math.Max(least, 0), Math.Max(most, 0));
        float magnitude = MathF.Abs(TensorPrimitives.MaxMagnitude(raw));
        return most > least ? Math.Max(1, magnitude / (most - least)) : 1;
    }

    /// <summary>Returns a picture of noise and a picture of smooth colours.</summary>
    private IEnumerable<PreparedImage> Pictures()
    {
        (int height, int width) = (model.Input.Height!.Value, model.Input.Width!.Value);
        byte[] noise = new byte[height * width * 3], smooth = new byte[noise.Length];
        var random = new SeededRandom(0);
        for (int i = 0; i < noise.Length; i++)
        {
            (int row, int column, int color) = (i / 3 / width, i / 3 % width, i % 3);
            noise[i] = (byte)random.Next(256);
            smooth[i] = (byte)(127 + (120 * Math.Sin((row * (color + 1) / 17.0) + (column / 23.0))));
        }
        yield return model.Prepare(new RgbImage(width, height, noise));
        yield return model.Prepare(new RgbImage(width, height, smooth));
    }

    private static LayerExplainer ExplainerOf(ImageModel model, SelfExplainingOptions options)
    {
        LayerOptions layers = new() { Layers = options.Layer is null ? [] : [options.Layer] };
        return options.Method switch
        {
            ExportMethod.GradCam => new GradCamExplainer(model, layers),
            ExportMethod.HiResCam => new HiResCamExplainer(model, layers),
            ExportMethod.LayerCam => new LayerCamExplainer(model, new() { Layers = layers.Layers }),
            ExportMethod.Cam => new CamExplainer(model, layers),
            _ => new ReciproCamExplainer(model, new() { Layers = layers.Layers }),
        };
    }
}
