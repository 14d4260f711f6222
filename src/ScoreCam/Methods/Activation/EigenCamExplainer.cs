namespace ScoreCam.Methods.Activation;

/// <summary>
/// Eigen-CAM (Muhammad and Yeasin, "Eigen-CAM: Class Activation Map using Principal Components", IJCNN 2020). The
/// activations form a matrix of positions × channels, which is not centred. The map is its projection on the first
/// right singular vector. The decomposition does not determine the sign, so the sign is chosen to make the sum over the
/// positions positive. Non-negative activations therefore give a non-negative map. The map is the same for every
/// target. It takes one pass.
/// </summary>
public sealed class EigenCamExplainer : LayerExplainer
{
    /// <summary>Creates an explainer for a model.</summary>
    /// <exception cref="ArgumentException">A requested layer is not in the model.</exception>
    public EigenCamExplainer(ImageModel model, LayerOptions? options = null)
        : base(model, options)
    {
    }

    /// <inheritdoc/>
    public override string Name => "Eigen-CAM";

    /// <inheritdoc/>
    protected override IReadOnlyList<RawMap> Compute(LayerContext layer)
    {
        ActivationMaps maps = layer.Activations;
        float[] projection = PrincipalMap.Of(maps, layer.CancellationToken);
        return layer.ForAllTargets(new SaliencyMap(maps.Width, maps.Height, projection));
    }
}
