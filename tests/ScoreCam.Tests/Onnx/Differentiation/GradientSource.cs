using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>A network of the data folder, with helpers that run and differentiate it.</summary>
internal sealed class GradientSource
{
    private const int UsualSide = 64;

    private readonly OnnxGraph _graph;
    private readonly string _logits;

    public GradientSource(string path)
    {
        using ImageModel model = ImageModel.Load(path);
        (_graph, _logits, Input) = (OnnxGraph.Read(model.Bytes), model.ScoreTensor, model.Input);
    }

    public ImageInput Input { get; }

    public RunOptions Options { get; } = new();

    public int PictureLength => Input.Channels * Height * Width;

    private int Height => Input.Height ?? UsualSide;

    private int Width => Input.Width ?? UsualSide;

    public GradientSession Open(IReadOnlyList<string> tensors, bool isGuided = false) =>
        new GradientNetwork(_graph, _logits, Input, GradientHarness.Factory).Open(tensors, isGuided, Height, Width);

    /// <summary>Pictures of normally distributed values.</summary>
    public float[] Pictures(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count * PictureLength).Select(_ =>
            (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    /// <summary>Seeds that select one class of each picture, a different one for every picture.</summary>
    public float[] Seeds(int count, int values)
    {
        var seeds = new float[count * values];
        for (int i = 0; i < count; i++)
            seeds[(i * values) + ((3 * i) + 1) % values] = 1;
        return seeds;
    }

    /// <summary>The logits of the unchanged network.</summary>
    public float[] Forward(float[] pictures, int count)
    {
        var model = new EditableModel(_graph);
        model.AddOutput(_logits);
        using IDisposableReadOnlyCollection<OrtValue> results = Run(model, pictures, count, [_logits]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The name of the tensor that has these activations on one picture.</summary>
    public string TensorWith(float[] picture, Npy maps, int prefix)
    {
        var model = new EditableModel(_graph);
        string[] tensors = [.. _graph.Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0)];
        foreach (string tensor in tensors)
            model.AddOutput(tensor);
        using IDisposableReadOnlyCollection<OrtValue> results = Run(model, picture, 1, tensors);
        for (int i = 0; i < tensors.Length; i++)
        {
            OrtTensorTypeAndShapeInfo info = results[i].GetTensorTypeAndShape();
            int positions = maps.Shape[1] * maps.Shape[2];
            if (info.ElementDataType != TensorElementType.Float
                || info.ElementCount != maps.Shape[0] * (positions + prefix))
                continue;
            var batch = new TensorBatch(results[i].GetTensorDataAsSpan<float>().ToArray(), info.Shape);
            if (Planes(batch, maps.Shape) is { } planes
                && planes.Zip(maps.Values, (a, b) => Math.Abs(a - b)).Max() < 1e-4f * maps.Values.Max(Math.Abs))
                return tensors[i];
        }
        throw new InvalidOperationException("No tensor of the network has these activations.");
    }

    /// <summary>
    /// A tensor of one picture as channels × rows × columns, without the prefix tokens; null for other shapes.
    /// </summary>
    public static float[]? Planes(TensorBatch tensor, int[] shape)
    {
        (int channels, int positions) = (shape[0], shape[1] * shape[2]);
        if (tensor.Shape is [1, var first, ..] && first == channels && tensor.Shape.Count == 4)
            return tensor.Values;
        if (tensor.Shape[^1] != channels || tensor.Shape.Count is not (3 or 4))
            return null;
        int prefix = (tensor.Values.Length / channels) - positions;
        var planes = new float[channels * positions];
        for (int position = 0; position < positions; position++)
            for (int k = 0; k < channels; k++)
                planes[(k * positions) + position] = tensor.Values[((prefix + position) * channels) + k];
        return planes;
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        EditableModel model, float[] pictures, int count, string[] outputs)
    {
        using InferenceSession session = GradientHarness.Factory.Open(model.ToBytes());
        using OrtValue input = GradientHarness.Tensor(pictures, Input.Shape(count, Height, Width));
        return session.Run(Options, [Input.Name], [input], outputs);
    }
}
