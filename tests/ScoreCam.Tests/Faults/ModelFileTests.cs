using FluentAssertions;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests.Faults;

/// <summary>The files of a loaded model are deleted, replaced, overwritten or truncated.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(Delete))]
    [InlineData(nameof(Replace))]
    [InlineData(nameof(Cut))]
    public void A_change_of_the_model_file_after_loading_has_no_effect(string fate)
    {
        string path = _folder.File("model.onnx");
        File.WriteAllBytes(path, Networks.Logits());
        using ImageModel model = ImageModel.Load(path);
        Befall(fate, path);

        foreach (string layer in new[] { Networks.Layer, "relu1", "pool" })
        {
            SaliencyMap expected = Networks.Explain(Networks.Logits(), Networks.Picture(), layers: layer).Map;
            SaliencyMap map = model.Explain(Networks.Picture(), options: new() { Layers = [layer] }).Map;
            map.DifferenceTo(expected).Should().Be(0);
        }
        model.Layers.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(nameof(Delete))]
    [InlineData(nameof(Replace))]
    [InlineData(nameof(Overwrite))]
    [InlineData(nameof(Cut))]
    public void A_change_of_external_weights_after_loading_has_no_effect(string fate)
    {
        string path = ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out string weights);
        using ImageModel model = ImageModel.Load(path);
        Explanation before = model.Explain(Networks.Picture());
        Befall(fate, weights);

        model.Explain(Networks.Picture()).Map.DifferenceTo(before.Map).Should().Be(0);
        SaliencyMap expected = Networks.Explain(Networks.Logits(), Networks.Picture(), layers: "relu1").Map;
        SaliencyMap map = model.Explain(Networks.Picture(), options: new() { Layers = ["relu1"] }).Map;
        map.DifferenceTo(expected).Should().BeLessThan(1e-5f);
    }

    [Theory]
    [InlineData("length", "100000000", "'weights.bin', which has")]
    [InlineData("length", "-4", "a number was expected")]
    [InlineData("length", "9223372036854775807", "'weights.bin', which has")]
    [InlineData("offset", "100000000", "'weights.bin', which has")]
    [InlineData("offset", "-1", "a number was expected")]
    [InlineData("offset", "two", "a number was expected")]
    public void An_invalid_offset_or_length_of_external_weights_is_refused(string key, string value, string message)
    {
        Action load = () => Load(tensor => tensor.ExternalData.Single(entry => entry.Key == key).Value = value);
        load.Should().Throw<UnsupportedModelException>().WithMessage($"*{message}*damaged*");
    }

    [Fact]
    public void A_missing_length_of_external_weights_follows_from_the_shape()
    {
        using ImageModel model = Load(tensor => tensor.ExternalData.RemoveAt(2));
        SaliencyMap expected = Networks.Explain(Networks.Logits(), Networks.Picture()).Map;
        model.Explain(Networks.Picture()).Map.DifferenceTo(expected).Should().BeLessThan(1e-5f);
        // 2⁶¹ values of 4 bytes are −2⁶³ bytes in 64-bit arithmetic.
        Action loadTooMany = () => Load(tensor =>
        {
            tensor.ExternalData.RemoveAt(2);
            tensor.Dims.Clear();
            tensor.Dims.Add(1L << 61);
        });
        loadTooMany.Should().Throw<UnsupportedModelException>().WithMessage("*damaged*");
    }

    private ImageModel Load(Action<TensorProto> change) =>
        ImageModel.Load(ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out _, change));

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
