using FluentAssertions;
using ScoreCam.Numerics;
using Xunit;

namespace ScoreCam.Tests.Numerics;

public class GaussianBlurTests
{
    // scipy.ndimage.gaussian_filter(source, 1.3, mode="nearest", truncate=3), SciPy 1.10.
    private static readonly float[] Source =
    [
        5.1f, 9.5f, 1.4f, 9.5f, 3.1f, 4.2f,
        8.3f, 4.1f, 5.5f, 0.3f, 7.5f, 5.4f,
        3.3f, 7.9f, 3.0f, 4.5f, 1.3f, 4.0f,
        2.0f, 2.6f, 7.5f, 2.8f, 4.9f, 9.8f,
    ];

    private static readonly float[] Blurred =
    [
        5.86983f, 5.71178f, 5.31436f, 5.01212f, 4.79053f, 4.62253f,
        5.45335f, 5.28945f, 4.90546f, 4.6488f, 4.69385f, 4.90303f,
        4.52874f, 4.67786f, 4.59807f, 4.5277f, 4.88354f, 5.55878f,
        3.53253f, 4.09859f, 4.47938f, 4.72995f, 5.44471f, 6.59267f,
    ];

    [Fact]
    public void Agrees_with_SciPy()
    {
        float[] blurred = new float[24];
        GaussianBlur.Apply(Source, 4, 6, 1.3, blurred);
        blurred.Zip(Blurred, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void A_point_becomes_the_kernel_and_a_constant_is_kept()
    {
        float[] point = new float[49], blurred = new float[49];
        point[24] = 1;
        GaussianBlur.Apply(point, 7, 7, 1, radius: 1, blurred);
        double side = Math.Exp(-0.5), sum = 1 + (2 * side);
        blurred[24].Should().BeApproximately((float)(1 / sum / sum), 1e-6f);
        blurred[25].Should().BeApproximately((float)(side / sum / sum), 1e-6f);
        blurred[32].Should().BeApproximately((float)(side * side / sum / sum), 1e-6f);
        blurred[26].Should().Be(0, "the kernel reaches one pixel");

        float[] constant = [.. Enumerable.Repeat(3f, 10)];
        GaussianBlur.Apply(constant, 2, 5, 4, blurred.AsSpan(0, 10));
        blurred.Take(10).Should().OnlyContain(v => Math.Abs(v - 3) < 1e-5f);
    }
}
