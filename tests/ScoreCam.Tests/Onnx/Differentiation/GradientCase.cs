using ScoreCam.Tests.Support;

namespace ScoreCam.Tests.Onnx.Differentiation;

/// <summary>A small network for finite differences: from the input <c>x</c> to the last tensor.</summary>
/// <param name="Name">The operator and what is special about the case.</param>
/// <param name="Shape">Shape of the input; its first dimension is the batch.</param>
/// <param name="Build">Appends the operators.</param>
/// <param name="Opset">Version of the operators.</param>
/// <param name="Scale">The inputs lie between −Scale and Scale.</param>
/// <param name="Shift">What is added to the inputs.</param>
internal sealed record GradientCase(
    string Name, int[] Shape, Func<TinyModel, TinyModel> Build, int Opset = 17, float Scale = 2, float Shift = 0)
{
    public byte[] Model()
    {
        TinyModel model = Build(new TinyModel(Opset, seed: 5).Input("x", Shape));
        return model.Output().ToBytes();
    }

    /// <summary>
    /// Distinct, evenly spaced values in random order: no ties in pools, and a distance to the kinks of activations.
    /// </summary>
    public float[] Input()
    {
        int count = Shape.Aggregate(1, (product, size) => product * size);
        float[] values = [.. Enumerable.Range(0, count).Select(i => (((i + 0.5f) / count * 2) - 1) * Scale + Shift)];
        new Random(3).Shuffle(values);
        return values;
    }

    public long[] Dims => [.. Shape.Select(size => (long)size)];
}
