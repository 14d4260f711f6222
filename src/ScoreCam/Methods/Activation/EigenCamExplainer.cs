namespace ScoreCam.Methods.Activation;

/// <summary>
/// Eigen-CAM (Muhammad and Yeasin, "Eigen-CAM: Class Activation Map using Principal Components", IJCNN 2020): the
/// activations, a matrix of places × channels that is not centred, projected on their first right singular vector. The
/// decomposition leaves the sign open; the sign is chosen so that the sum over the places is positive. Activations that
/// are nowhere negative then give a map that is nowhere negative. The map is the same for every target. One pass.
/// </summary>
public sealed class EigenCamExplainer : LayerExplainer
{
    /// <summary>Explains a model.</summary>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
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
