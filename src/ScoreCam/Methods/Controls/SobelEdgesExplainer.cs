using System.Numerics.Tensors;
using ScoreCam.Images;

namespace ScoreCam.Methods.Controls;

/// <summary>
/// A control: the edges of the picture, as the magnitude of the Sobel gradient of the prepared picture's mean channel.
/// It depends neither on the network nor on the target. A method that gives the same map does not explain the network
/// (Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018).
/// </summary>
public sealed class SobelEdgesExplainer : MethodExplainer
{
    /// <summary>Creates the control for a model.</summary>
    /// <param name="model">The model.</param>
    public SobelEdgesExplainer(ImageModel model)
        : base(model, new())
    {
    }

    /// <inheritdoc/>
    public override string Name => "Sobel edges";

    private protected override MapRule MapRule => MapRule.UpsampleThenDivide;

    private protected override IReadOnlyList<RawMap> RawMaps(MethodContext context)
    {
        PreparedImage image = context.Image;
        int plane = image.Height * image.Width;
        var gray = new float[plane];
        for (int channel = 0; channel < image.Channels; channel++)
            TensorPrimitives.Add(gray, image.Tensor.Slice(channel * plane, plane), gray);
        TensorPrimitives.Divide(gray, image.Channels, gray);
        float[] edges = Magnitudes(gray, image.Height, image.Width);
        return context.ForAllTargets(new SaliencyMap(image.Width, image.Height, edges));
    }

    /// <summary>
    /// Returns the magnitude of the gradient at each pixel. Values at the border are repeated outside the picture.
    /// </summary>
    internal static float[] Magnitudes(float[] plane, int height, int width)
    {
        var magnitudes = new float[plane.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                float horizontal = Difference(1, 0), vertical = Difference(0, 1);
                magnitudes[(y * width) + x] = MathF.Sqrt((horizontal * horizontal) + (vertical * vertical));

                // The weights 1, 2, 1 across the direction smooth the difference along it.
                float Difference(int dx, int dy)
                {
                    float sum = 0;
                    for (int across = -1; across <= 1; across++)
                    {
                        int weight = across == 0 ? 2 : 1;
                        sum += weight * (At(dx + (across * dy), dy + (across * dx))
                            - At(-dx + (across * dy), -dy + (across * dx)));
                    }
                    return sum;
                }

                float At(int dx, int dy) =>
                    plane[(Math.Clamp(y + dy, 0, height - 1) * width) + Math.Clamp(x + dx, 0, width - 1)];
            }
        return magnitudes;
    }
}
