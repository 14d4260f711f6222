using System.Numerics.Tensors;
using ScoreCam.Execution;
using ScoreCam.Numerics;

namespace ScoreCam.Methods.Gradient;

/// <summary>
/// FullGrad (Srinivas and Fleuret, "Full-Gradient Representation for Neural Network Visualization", NeurIPS 2019): ψ(X
/// ⊙ dS/dX) + Σ_l ψ(b_l ⊙ dS/dz_l), where b_l is a bias of the network and z_l is the tensor to which it is added. ψ
/// takes magnitudes, scales them to 0…1 over the tensor, upsamples them and sums over the channels. A bias without
/// spatial positions, as in a linear layer, does not appear in the map. It takes one gradient of the whole network per
/// target.
/// </summary>
/// <remarks>
/// S = Σ X · dS/dX + Σ b · dS/dz holds for every network that has gradients, because a nonlinear function has an
/// implicit bias: its value minus slope times input. <see cref="Explanation.CompletenessError"/> reports how far the
/// computed sum is from S. If a target is not linear in the logits, S is the target's linearisation at the picture.
/// </remarks>
/// <example>
/// <code>
/// Explanation why = new FullGradExplainer(model).Explain(picture);
/// Console.WriteLine($"{why.CompletenessError:P1}");
/// </code>
/// </example>
public sealed class FullGradExplainer : InputExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    public FullGradExplainer(ImageModel model, MethodOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "FullGrad";

    /// <summary>False: every summed map has a floor above 0, so the smallest value of the map is drawn as 0.</summary>
    protected override bool Rectifies => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(InputContext picture)
    {
        var maps = new RawMap[picture.Targets.Count];
        picture.GradientsWithBiases((target, gradient) => maps[target] = MapOf(picture, gradient));
        return maps;
    }

    private static RawMap MapOf(InputContext picture, BiasedGradient gradient)
    {
        float[] product = gradient.ByPicture;
        TensorPrimitives.Multiply(product, picture.Image.Tensor, product);
        double sum = Completeness.Sum(product) + gradient.Biases.Sum(bias => bias.Sum);
        float error = Completeness.Error(sum, gradient.Score);

        float[] map = Magnitudes(product, picture.Height * picture.Width);
        foreach (ActivationMaps bias in gradient.Biases.Select(bias => bias.Maps).OfType<ActivationMaps>())
        {
            float[] values = Magnitudes(bias.Values.ToArray(), bias.Height * bias.Width);
            var coarse = new SaliencyMap(bias.Width, bias.Height, values);
            TensorPrimitives.Add(map, coarse.Resize(picture.Width, picture.Height).Values, map);
        }
        return new RawMap(new SaliencyMap(picture.Width, picture.Height, map))
        {
            CompletenessError = error,
            Warnings = error > Completeness.LargestUsualError ? [Incomplete(error)] : [],
        };
    }

    /// <summary>ψ before upsampling: |v|, min–max over the tensor, summed over the channels.</summary>
    private static float[] Magnitudes(float[] values, int positions)
    {
        TensorPrimitives.Abs(values, values);
        Statistics.NormalizeMinMax(values);
        var sum = new float[positions];
        for (int start = 0; start < values.Length; start += positions)
            TensorPrimitives.Add(sum, values.AsSpan(start, positions), sum);
        return sum;
    }

    private static string Incomplete(float error) =>
        $"The contributions of the picture and of the biases miss the score by {error:P0}: they cancel each other, and "
        + "single precision cannot resolve what is left.";
}
