using ScoreCam.Imaging;
using ScoreCam.Skia;
using ScoreCam.Tests.Support;
using Xunit;
namespace ScoreCam.Tests;
public class TmpTests
{
    [Fact]
    public void Values()
    {
        using ImageModel model = ImageModel.Load(Path.Combine(SharedData.Repository, "models", "everyday20"));
        var lines = new List<string>();
        foreach (string name in new[] { "chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg", "collage.png" })
        {
            PreparedImage photo = model.Prepare(SkiaImage.Load(Path.Combine(SharedData.Repository, "photos", name)));
            double R(ChannelSampling s, int c)
            {
                float[] x = model.Explain(photo, Target.Class(c), new() { Sampling = s }).RawMap.Values.ToArray(), y = model.Explain(photo, Target.Class(c)).RawMap.Values.ToArray();
                double mx = x.Average(), my = y.Average();
                return x.Zip(y, (p, q) => (p - mx) * (q - my)).Sum() / Math.Sqrt(x.Sum(p => (p - mx) * (p - mx)) * y.Sum(q => (q - my) * (q - my)));
            }
            foreach (int c in new[] { 3, 6, 0, 12 })
                lines.Add($"{name} {c}: " + string.Join(" ", new[] { 16, 24, 32, 48 }.Select(n => $"{n}: {R(ChannelSampling.Adaptive(n), c):0.0000} tv {R(ChannelSampling.TopVariance(n), c):0.0000} |")));
        }
        File.WriteAllLines("/tmp/research/r2/ev20.txt", lines);
    }
}
