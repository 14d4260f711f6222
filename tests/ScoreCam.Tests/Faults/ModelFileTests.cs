using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Faults;

/// <summary>The files of a model that is in use are deleted, replaced, changed or cut.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(Delete))]
    [InlineData(nameof(Replace))]
    [InlineData(nameof(Cut))]
    public void What_becomes_of_the_model_file_after_loading_changes_nothing(string fate)
    {
        string path = _folder.File("model.onnx");
        File.WriteAllBytes(path, Networks.Logits());
        using ImageModel model = ImageModel.Load(path);
        Befall(fate, path);

        foreach (string layer in new[] { Networks.Layer, "relu1", "pool" })
            model.Explain(Networks.Picture(), options: new() { Layers = [layer] }).Map.DifferenceTo(
                Networks.Explain(Networks.Logits(), Networks.Picture(), layers: layer).Map).Should().Be(0);
        model.Layers.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(nameof(Delete))]
    [InlineData(nameof(Replace))]
    [InlineData(nameof(Overwrite))]
    [InlineData(nameof(Cut))]
    public void Nor_does_what_becomes_of_weights_beside_it(string fate)
    {
        using ImageModel model = ImageModel.Load(ExternalWeights.Save(Networks.Trunk().Output(), _folder, out string weights));
        ScoreCamExplanation before = model.Explain(Networks.Picture());
        Befall(fate, weights);

        model.Explain(Networks.Picture()).Map.DifferenceTo(before.Map).Should().Be(0);
        model.Explain(Networks.Picture(), options: new() { Layers = ["relu1"] }).Map.DifferenceTo(
            Networks.Explain(Networks.Logits(), Networks.Picture(), layers: "relu1").Map).Should().BeLessThan(1e-5f);
    }

    private static void Befall(string fate, string path) => ((Action<string>)(fate switch
    {
        nameof(Delete) => Delete,
        nameof(Replace) => Replace,
        nameof(Overwrite) => Overwrite,
        _ => Cut,
    }))(path);

    private static void Delete(string path) => File.Delete(path);

    private static void Replace(string path)
    {
        File.WriteAllBytes(path + ".new", new byte[new FileInfo(path).Length]);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static void Overwrite(string path)
    {
        using FileStream file = File.OpenWrite(path);
        file.Write(new byte[file.Length]);
    }

    private static void Cut(string path)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(1);
    }
}
