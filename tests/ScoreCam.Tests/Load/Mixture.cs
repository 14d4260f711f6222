using ScoreCam.Images;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;

namespace ScoreCam.Tests.Load;

/// <summary>
/// Calls of every kind on one model: presets, layers, fills, sampling, other methods, several targets. <see
/// cref="Expect"/> stores the result of each call on a model that runs alone with one worker. Any number of threads can
/// then run calls and compare.
/// </summary>
internal sealed class Mixture(ImageModel model, IReadOnlyList<PreparedImage> pictures, IReadOnlyList<string> layers)
{
    private readonly Explainer[] _explainers = Explainers(model, layers);
    private readonly Target[][] _targets =
    [
        [Target.Predicted],
        [Target.Class(1), Target.Contrast(Target.Class(2), Target.Class(0)), .. Target.Top(2)],
        [Target.Function("half", logits => 0.5f * logits[3])],
    ];
    private string[] _expected = [];

    /// <summary>The number of different calls.</summary>
    public int Count => _explainers.Length * pictures.Count * _targets.Length;

    public Call this[int index] => new(
        _explainers[index % _explainers.Length],
        pictures[index / _explainers.Length % pictures.Count],
        _targets[index / _explainers.Length / pictures.Count]);

    public string Expected(int index) => _expected[index];

    /// <summary>
    /// Runs every call once, one after the other, on the same network with one worker and one picture at a time.
    /// </summary>
    public void Expect(ImageModel alone)
    {
        var mixture = new Mixture(alone, pictures, layers);
        _expected = [.. Enumerable.Range(0, Count).Select(i => mixture[i].Run(null, CancellationToken.None))];
    }

    private static Explainer[] Explainers(ImageModel model, IReadOnlyList<string> layers) =>
    [
        .. Enum.GetValues<ScoreCamPreset>().Select(preset => Of(model, new() { Preset = preset })),
        .. layers.Select(layer => Of(model, new() { Layers = [layer], Sampling = ChannelSampling.TopVariance(6) })),
        Of(model, new() { Layers = [.. layers.Take(2)], Sampling = ChannelSampling.TopVariance(4) }),
        Of(model, new() { MaskFill = MaskFill.Blurred, Signed = true }),
        Of(model, new() { FlipAveraging = true, Sampling = ChannelSampling.TopVariance(6) }),
        Of(model, new() { TwoSided = true, MaskFill = MaskFill.Color(90, 120, 30),
            Sampling = ChannelSampling.TopVariance(6) }),
        Of(model, new() { Sampling = ChannelSampling.Adaptive(maxPasses: 12) }),
        new RiseExplainer(model, new() { Masks = 12 }),
        new EigenCamExplainer(model),
        new ReciproCamExplainer(model),
        new AblationCamExplainer(model),
        new OcclusionExplainer(model, new() { Window = 16, Stride = 16 }),
    ];

    private static ScoreCamExplainer Of(ImageModel model, ScoreCamOptions options) => new(model, options);
}
