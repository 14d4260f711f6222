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
        using ImageModel model = ImageModel.Load(ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out string weights));
        Explanation before = model.Explain(Networks.Picture());
        Befall(fate, weights);

        model.Explain(Networks.Picture()).Map.DifferenceTo(before.Map).Should().Be(0);
        model.Explain(Networks.Picture(), options: new() { Layers = ["relu1"] }).Map.DifferenceTo(
            Networks.Explain(Networks.Logits(), Networks.Picture(), layers: "relu1").Map).Should().BeLessThan(1e-5f);
    }

    [Theory]
    [InlineData("length", "100000000", "'weights.bin', which has")]
    [InlineData("length", "-4", "no number")]
    [InlineData("length", "9223372036854775807", "'weights.bin', which has")]
    [InlineData("offset", "100000000", "'weights.bin', which has")]
    [InlineData("offset", "-1", "no number")]
    [InlineData("offset", "two", "no number")]
    public void Weights_beside_it_that_are_not_where_they_are_said_to_be_are_refused(string key, string value, string message) =>
        ((Action)(() => ImageModel.Load(ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out _, tensor => tensor.ExternalData.Single(entry => entry.Key == key).Value = value)))).Should()
            .Throw<UnsupportedModelException>().WithMessage($"*{message}*damaged*");

    [Fact]
    public void Where_no_length_is_said_it_is_that_of_the_shape()
    {
        using ImageModel model = ImageModel.Load(ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out _, tensor => tensor.ExternalData.RemoveAt(2)));
        model.Explain(Networks.Picture()).Map.DifferenceTo(Networks.Explain(Networks.Logits(), Networks.Picture()).Map).Should().BeLessThan(1e-5f);
        // 2⁶¹ times 4 bytes are −2⁶³ in 64 bits.
        ((Action)(() => ImageModel.Load(ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out _, tensor =>
        {
            tensor.ExternalData.RemoveAt(2);
            tensor.Dims.Clear();
            tensor.Dims.Add(1L << 61);
        })))).Should().Throw<UnsupportedModelException>().WithMessage("*damaged*");
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
