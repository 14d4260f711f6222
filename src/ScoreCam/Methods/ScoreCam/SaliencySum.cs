using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>Step 5: the weighted sum of the activation maps, which <see cref="MapNormalizer"/> makes the saliency map.</summary>
internal sealed class SaliencySum(ActivationMaps maps, PresetRules rules, int inputHeight, int inputWidth)
{
    private readonly BilinearAxis _rows = BilinearAxis.HalfPixel(maps.Height, inputHeight);
    private readonly BilinearAxis _columns = BilinearAxis.HalfPixel(maps.Width, inputWidth);

    /// <summary>Σ α_k A_k, before ReLU and normalisation, at the resolution in which the preset sums.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: of many channels at the input's resolution the sum takes longer than a pass.</exception>
    public SaliencyMap Raw(ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return rules.Sum switch
        {
            SumRule.Activations => new(maps.Width, maps.Height, maps.WeightedSum(weights)),
            // Upsampling is linear: upsampling the sum is summing the upsampled.
            SumRule.UpsampledActivations => new(inputWidth, inputHeight, Upsample(maps.WeightedSum(weights))),
            _ => new(inputWidth, inputHeight, SumOfTanh(weights, cancellationToken)),
        };
    }

    private float[] Upsample(ReadOnlySpan<float> map)
    {
        var upsampled = new float[inputHeight * inputWidth];
        Bilinear.Resize(map, _rows, _columns, new float[Bilinear.ScratchLength(_rows, _columns)], upsampled);
        return upsampled;
    }

    private float[] SumOfTanh(ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        var (sum, one) = (new float[inputHeight * inputWidth], new float[inputHeight * inputWidth]);
        var scratch = new float[Bilinear.ScratchLength(_rows, _columns)];
        for (int k = 0; k < maps.Channels; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Bilinear.Resize(maps[k], _rows, _columns, scratch, one);
            TensorPrimitives.Tanh(one, one);
            TensorPrimitives.MultiplyAdd(one, weights[k], sum, sum);
        }
        return sum;
    }
}
