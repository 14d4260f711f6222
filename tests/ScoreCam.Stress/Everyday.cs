using ScoreCam.Images;
using ScoreCam.Skia;
using ScoreCam.Tests.Load;
using ScoreCam.Tests.Support;

namespace ScoreCam.Stress;

/// <summary>The everyday20 network and its pictures.</summary>
internal static class Everyday
{
    public static ImageModel Load(int? workers = null) =>
        ImageModel.Load(Path.Combine(SharedFolder.Repository, "models", "everyday20"), new() { Workers = workers });

    public static RgbImage Photo(string name) => SkiaImage.Load(Path.Combine(SharedFolder.Repository, "photos", name));

    /// <summary>Layers other than the default one. There are more of them than a model keeps open.</summary>
    public static string[] Layers(ImageModel model)
    {
        LayerInfo[] others = [.. model.Layers.Where(layer =>
            layer.Name != model.DefaultLayer.Name && layer.Height >= 8)];
        return [.. Enumerable.Range(0, 6).Select(i => others[i * (others.Length - 1) / 5].Name)];
    }

    public static Mixture Mixture(ImageModel model) =>
        new(model, [model.Prepare(Photo("chelsea.png")), model.Prepare(Photo("coffee.png"))], Layers(model));

    /// <summary>The mixture with the results of a model that runs alone.</summary>
    public static Mixture Expected(ImageModel model)
    {
        Mixture mixture = Mixture(model);
        using ImageModel alone = Load(workers: 1);
        mixture.Expect(alone);
        return mixture;
    }
}
