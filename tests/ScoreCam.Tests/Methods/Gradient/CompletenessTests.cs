using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Gradient;
using ScoreCam.Tests.Onnx.Differentiation;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods.Gradient;

/// <summary>Attributions of real networks add up to their scores.</summary>
public class CompletenessTests
{
    public static TheoryData<string> Networks => NetworkGradientTests.Networks;

    [Theory]
    [MemberData(nameof(Networks))]
    public void FullGrad_is_complete(string file)
    {
        using ImageModel model = ImageModel.Load(SharedData.Require(file.Split('/')));
        Explanation why = new FullGradExplainer(model).On(Picture(model));
        why.CompletenessError.Should().BeLessThan(1e-4f);
    }

    private static PreparedImage Picture(ImageModel model)
    {
        ImageInput input = model.Input;
        (int height, int width) = (input.Height ?? 64, input.Width ?? 64);
        var random = new Random(7);
        float[] values = [.. Enumerable.Range(0, input.Channels * height * width).Select(_ =>
            (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
        return PreparedImage.FromTensor(values, input.Channels, height, width);
    }
}
