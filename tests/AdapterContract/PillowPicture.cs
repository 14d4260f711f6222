using System.Text.Json;
using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.AdapterContract;

/// <summary>A picture file, and its pixels as Pillow reads them. Fixtures/make_pictures.py writes them.</summary>
/// <param name="Name">Its format and what is special about it.</param>
/// <param name="Width">Columns of the upright picture.</param>
/// <param name="Height">Rows of the upright picture.</param>
/// <param name="File">The file.</param>
/// <param name="Pixels">RGB, upright, with transparency blended with white.</param>
public sealed record PillowPicture(string Name, int Width, int Height, byte[] File, byte[] Pixels)
{
    public static IReadOnlyList<PillowPicture> All { get; } = Read();

    public static TheoryData<string> Names => [.. All.Select(picture => picture.Name)];

    /// <summary>The pictures that the library reads.</summary>
    public static IEnumerable<PillowPicture> Readable => All.Where(picture => !Adapter.DoesNotRead(picture.Format));

    public string Format => Name.Split(' ')[0];

    public static PillowPicture Named(string name) => All.Single(picture => picture.Name == name);

    public void ShouldEqual(RgbImage actual)
    {
        (actual.Width, actual.Height).Should().Be((Width, Height));
        int largest = 0;
        for (int i = 0; i < Pixels.Length; i++)
            largest = Math.Max(largest, Math.Abs(actual.Pixels[i] - Pixels[i]));
        largest.Should().BeLessThanOrEqualTo(Adapter.Tolerance(this), Name);
    }

    private static List<PillowPicture> Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pictures.json");
        using Stream file = System.IO.File.OpenRead(path);
        return JsonSerializer.Deserialize<List<PillowPicture>>(file, JsonSerializerOptions.Web)!;
    }
}
