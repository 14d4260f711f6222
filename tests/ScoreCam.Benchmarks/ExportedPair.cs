using Microsoft.ML.OnnxRuntime;
using ScoreCam.Export;
using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Gradient;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;

namespace ScoreCam.Benchmarks;

/// <summary>A model and its exported copy, run on the same photograph by ONNX Runtime with one thread.</summary>
internal sealed class ExportedPair : IDisposable
{
    private readonly ImageModel _model;
    private readonly PreparedImage _image;
    private readonly InferenceSession _plain, _exported;
    private readonly OrtValue _input;

    public ExportedPair(ImageModel model, string plain, string exported)
    {
        _model = model;
        string photo = Path.Combine(SharedFolder.Repository, "photos", "chelsea.png");
        _image = model.Prepare(SkiaImage.Load(photo));
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        (_plain, _exported) = (new InferenceSession(plain, options), new InferenceSession(exported, options));
        var planes = new float[_image.Tensor.Length];
        model.ToNetworkInput(_image).Write(planes);
        int batch = model.Input.Batch ?? 1;
        float[] pictures = [.. Enumerable.Repeat(planes, batch).SelectMany(values => values)];
        _input = OrtValue.CreateTensorValueFromMemory(
            pictures, model.Input.Shape(batch, _image.Height, _image.Width));
    }

    /// <summary>The largest difference between the exported map and the library's.</summary>
    /// <exception cref="ScoreCamException">An original output differs in a bit.</exception>
    public float Difference(ExportMethod method)
    {
        using IDisposableReadOnlyCollection<OrtValue> before = Run(_plain), after = Run(_exported);
        for (int i = 0; i < before.Count; i++)
        {
            int j = _exported.OutputNames.ToList().IndexOf(_plain.OutputNames[i]);
            if (!before[i].GetTensorMutableRawData().SequenceEqual(after[j].GetTensorMutableRawData()))
                throw new ScoreCamException($"the output '{_plain.OutputNames[i]}' is not the same");
        }
        int place = _exported.OutputNames.ToList().IndexOf("saliency_map");
        ReadOnlySpan<float> map = after[place].GetTensorDataAsSpan<float>();
        ReadOnlySpan<float> expected = Library(method).Explain(_image).Map.Values;
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs(map[i] - expected[i]));
        return largest;
    }

    /// <summary>The median of the ratio of the times, and half of its interquartile range.</summary>
    public (double Median, double Spread) Ratio(int rounds)
    {
        Run(_plain).Dispose();
        Run(_exported).Dispose();
        // A round takes at least 20 ms, so that the resolution of the clock does not matter.
        int runs = Math.Clamp((int)(0.02 / Measured.Seconds(() => Run(_plain).Dispose())), 1, 200);
        List<double> ratios = [];
        for (int round = 0; round < rounds; round++)
        {
            double plain = Measured.ProcessorSeconds(() => Repeat(_plain, runs));
            ratios.Add(Measured.ProcessorSeconds(() => Repeat(_exported, runs)) / plain);
        }
        ratios.Sort();
        return (ratios[rounds / 2], (ratios[rounds * 3 / 4] - ratios[rounds / 4]) / 2);
    }

    public void Dispose()
    {
        _input.Dispose();
        _plain.Dispose();
        _exported.Dispose();
    }

    private void Repeat(InferenceSession session, int runs)
    {
        for (int i = 0; i < runs; i++)
            Run(session).Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session)
    {
        using RunOptions options = new();
        return session.Run(options, [_model.Input.Name], [_input], session.OutputNames);
    }

    private Explainer Library(ExportMethod method) => method switch
    {
        ExportMethod.GradCam => new GradCamExplainer(_model),
        ExportMethod.HiResCam => new HiResCamExplainer(_model),
        ExportMethod.LayerCam => new LayerCamExplainer(_model),
        ExportMethod.Cam => new CamExplainer(_model),
        _ => new ReciproCamExplainer(_model),
    };
}
