using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Pipeline;

/// <summary>Step 5: the weighted sum of the maps becomes the saliency map.</summary>
internal sealed class SaliencySum(ActivationMaps maps, PresetRules rules, int inputHeight, int inputWidth)
{
    private readonly BilinearAxis _rows = BilinearAxis.HalfPixel(maps.Height, inputHeight);
    private readonly BilinearAxis _columns = BilinearAxis.HalfPixel(maps.Width, inputWidth);

    /// <summary>Σ α_k A_k, before ReLU and normalisation, at the resolution in which the preset sums.</summary>
    public SaliencyMap Raw(ReadOnlySpan<float> weights) => rules.Sum switch
    {
        SumRule.Activations => new(maps.Width, maps.Height, maps.WeightedSum(weights)),
        // Upsampling is linear: upsampling the sum is summing the upsampled.
        SumRule.UpsampledActivations => new(inputWidth, inputHeight, Upsample(maps.WeightedSum(weights))),
        _ => new(inputWidth, inputHeight, SumOfTanh(weights)),
    };

    /// <summary>The normalised map of a raw one; <paramref name="isFlat"/> where it is zero everywhere after the ReLU, or equal everywhere.</summary>
    public SaliencyMap Normalize(SaliencyMap raw, out bool isFlat)
    {
        float[] map = raw.Values.ToArray();
        TensorPrimitives.Max(map, 0, map);
        isFlat = TensorPrimitives.Max<float>(map) == TensorPrimitives.Min<float>(map);
        if (rules.Map == MapRule.MinMaxOnly)
        {
            Statistics.NormalizeMinMax(map, 1e-8f);
            return new(raw.Width, raw.Height, map);
        }

        float epsilon = rules.Map == MapRule.MinMaxUpsampleMinMax ? 1e-7f : 0;
        if (rules.Map == MapRule.MinMaxUpsampleMinMax)
            Statistics.NormalizeMinMax(map, epsilon);
        if (rules.Sum == SumRule.Activations)
            map = Upsample(map);
        Statistics.NormalizeMinMax(map, epsilon);
        return new(inputWidth, inputHeight, map);
    }

    private float[] Upsample(ReadOnlySpan<float> map)
    {
        var upsampled = new float[inputHeight * inputWidth];
        Bilinear.Resize(map, _rows, _columns, new float[Bilinear.ScratchLength(_rows, _columns)], upsampled);
        return upsampled;
    }

    private float[] SumOfTanh(ReadOnlySpan<float> weights)
    {
        var (sum, one) = (new float[inputHeight * inputWidth], new float[inputHeight * inputWidth]);
        var scratch = new float[Bilinear.ScratchLength(_rows, _columns)];
        for (int k = 0; k < maps.Channels; k++)
        {
            Bilinear.Resize(maps[k], _rows, _columns, scratch, one);
            TensorPrimitives.Tanh(one, one);
            TensorPrimitives.MultiplyAdd(one, weights[k], sum, sum);
        }
        return sum;
    }
}
