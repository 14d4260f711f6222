using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using FluentAssertions;
using ScoreCam.Images;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// The fields of preprocessor_config.json, in every form in which a size, a colour and a switch are written.
/// </summary>
public class PreprocessorProperties
{
    private static readonly Gen<float> Number = Gen.Single[-1000, 1000];
    private static readonly Gen<float> Deviation = Gen.Single[0.001f, 1000];
    private static readonly Gen<int> Side = Gen.OneOf(Gen.Int[1, 500], Gen.Int[1, 65_536]);
    private static readonly Gen<(int Height, int Width)> Box =
        Gen.Select(Side, Side, (height, width) => (height, width));

    [Fact]
    public void Colours_and_switches_are_read() =>
        Gen.Select(Colour(Number), Colour(Deviation), Gen.Single[0.0001f, 10], Gen.Bool.Nullable(),
            Gen.Bool.Nullable(), Gen.Bool, Gen.OneOf(2, 3, 0))
            .Sample((mean, std, scale, rescales, normalizes, flips, filter) =>
        {
            JsonObject config = new()
            {
                ["image_mean"] = JsonSerializer.SerializeToNode(mean),
                ["image_std"] = JsonSerializer.SerializeToNode(std),
                ["rescale_factor"] = scale,
                ["do_resize"] = false,
                ["do_flip_channel_order"] = flips
            };
            if (rescales is not null)
                config["do_rescale"] = rescales;
            if (normalizes is not null)
                config["do_normalize"] = normalizes;
            if (filter > 0)
                config["resample"] = filter;
            Preprocessing.FromJson(config.ToJsonString()).Should().Be(new Preprocessing
            {
                Scale = rescales is false ? 1 : scale,
                Mean = normalizes is false ? Vector3.Zero : Vector(mean),
                Std = normalizes is false ? Vector3.One : Vector(std),
                Order = flips ? ChannelOrder.Bgr : ChannelOrder.Rgb,
                Filter = filter == 3 ? ResampleFilter.Bicubic : ResampleFilter.Bilinear,
            });
        });

    [Fact]
    public void Sizes_are_read() => Gen.Select(Box, Box.Nullable(), Gen.Int[0, 3]).Sample((size, crop, form) =>
    {
        JsonObject config = new()
        {
            ["do_normalize"] = false,
            ["size"] = form switch
            {
                0 => size.Height,
                1 => new JsonObject { ["shortest_edge"] = size.Height },
                2 =>
            new JsonArray(size.Height, size.Width),
                _ => Sides(size)
            }
        };
        if (crop is { } box)
            config["crop_size"] = Sides(box);
        int height = size.Height, width = form < 2 ? size.Height : size.Width;
        Func<Preprocessing> read = () => Preprocessing.FromJson(config.ToJsonString());
        Preprocessing expected = new();
        if (form < 2 && crop is { } cropped)
            expected = expected with
            {
                Fit = Fit.CenterCrop,
                ShortestEdge = height,
                Height = cropped.Height,
                Width = cropped.Width
            };
        else if (form == 1)
            expected = expected with { Fit = Fit.CenterCrop, ShortestEdge = height };
        else if (crop is null || crop == (height, width))
            expected = expected with { Height = height, Width = width };
        else
        {
            read.Should().Throw<InvalidDataException>().WithMessage("*crop_size*");
            return;
        }
        read().Should().Be(expected);
    });

    private static Gen<float[]> Colour(Gen<float> number) => Gen.OneOf(number.Array[1], number.Array[3]);

    private static Vector3 Vector(float[] color) =>
        color.Length == 1 ? new(color[0]) : new(color[0], color[1], color[2]);

    private static JsonObject Sides((int Height, int Width) size) =>
        new() { ["width"] = size.Width, ["height"] = size.Height };
}
