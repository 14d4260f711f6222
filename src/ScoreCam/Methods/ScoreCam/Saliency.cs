using System.Numerics.Tensors;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>
/// Step 5: computes the weighted sum Σ α_k A_k of the activation maps, at the resolution at which the preset sums.
/// <see cref="MapNormalizer"/> then applies the ReLU and the normalisation, as for every method.
/// </summary>
internal sealed class Saliency(ActivationMaps activations, SumRule rule, int inputHeight, int inputWidth)
{
    private readonly BilinearAxis _rows = BilinearAxis.HalfPixel(activations.Height, inputHeight);
    private readonly BilinearAxis _columns = BilinearAxis.HalfPixel(activations.Width, inputWidth);

    /// <summary>Returns the raw map.</summary>
    /// <param name="weights">The weights α_k, one per channel.</param>
    /// <param name="cancellationToken">
    /// Cancels the sum. For many channels at the input's resolution, the sum takes longer than a pass.
    /// </param>
    /// <exception cref="OperationCanceledException">The sum was cancelled.</exception>
    public SaliencyMap Sum(ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return rule switch
        {
            SumRule.Activations => new(activations.Width, activations.Height, activations.WeightedSum(weights)),
            // Upsampling is linear, so upsampling the sum equals summing the upsampled maps.
            SumRule.UpsampledActivations => new(inputWidth, inputHeight, Upsample(activations.WeightedSum(weights))),
            _ => new(inputWidth, inputHeight, SumOfTanh(weights, cancellationToken)),
        };
    }

    private float[] Upsample(ReadOnlySpan<float> map)
    {
        var upsampled = new float[inputHeight * inputWidth];
        var scratch = new float[Bilinear.ScratchLength(_rows, _columns)];
        Bilinear.Resize(map, _rows, _columns, scratch, upsampled);
        return upsampled;
    }

    private float[] SumOfTanh(ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        var (sum, one) = (new float[inputHeight * inputWidth], new float[inputHeight * inputWidth]);
        var scratch = new float[Bilinear.ScratchLength(_rows, _columns)];
        for (int k = 0; k < activations.Channels; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Bilinear.Resize(activations[k], _rows, _columns, scratch, one);
            TensorPrimitives.Tanh(one, one);
            TensorPrimitives.MultiplyAdd(one, weights[k], sum, sum);
        }
        return sum;
    }
}
