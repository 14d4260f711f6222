namespace ScoreCam.Images;

/// <summary>Converts the bytes of a picture to the values of a tensor and back.</summary>
internal readonly struct ColorConversion(Preprocessing preprocessing)
{
    /// <summary>Converts a picture to a tensor, channels × height × width.</summary>
    public float[] ToTensor(RgbImage picture, int channels)
    {
        ReadOnlySpan<byte> pixels = picture.Pixels;
        int plane = pixels.Length / 3;
        float[] tensor = new float[channels * plane];
        if (channels == 1)
        {
            float[] gray = Table(0);
            for (int i = 0; i < plane; i++)
                tensor[i] = gray[Luma(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2])];
            return tensor;
        }

        for (int color = 0; color < 3; color++)
        {
            float[] values = Table(color);
            Span<float> destination = tensor.AsSpan(Channel(color) * plane, plane);
            for (int i = 0; i < plane; i++)
                destination[i] = values[pixels[(3 * i) + color]];
        }
        return tensor;
    }

    /// <summary>Converts a tensor to a picture, rounded and clamped to bytes.</summary>
    public RgbImage ToPicture(PreparedImage image)
    {
        int plane = image.Height * image.Width;
        byte[] pixels = new byte[Resampler.ByteCount(image.Width, image.Height)];
        for (int color = 0; color < 3; color++)
        {
            (int channel, int statistic) = image.Channels == 1 ? (0, 0) : (Channel(color), color);
            (float mean, float std) = (preprocessing.Mean[statistic], preprocessing.Std[statistic]);
            ReadOnlySpan<float> values = image.Tensor.Slice(channel * plane, plane);
            for (int i = 0; i < plane; i++)
            {
                float value = MathF.Round(((values[i] * std) + mean) / preprocessing.Scale);
                pixels[(3 * i) + color] = (byte)Math.Clamp(value, 0, 255);
            }
        }
        return new RgbImage(image.Width, image.Height, pixels);
    }

    private int Channel(int color) => preprocessing.Order == ChannelOrder.Rgb ? color : 2 - color;

    // A byte has 256 values, so the arithmetic is done once for each of them.
    private float[] Table(int color)
    {
        float[] values = new float[256];
        for (int i = 0; i < values.Length; i++)
            values[i] = ((i * preprocessing.Scale) - preprocessing.Mean[color]) / preprocessing.Std[color];
        return values;
    }

    // ITU-R 601 in fixed point, as Pillow converts to "L".
    private static int Luma(byte red, byte green, byte blue) =>
        ((19595 * red) + (38470 * green) + (7471 * blue) + 0x8000) >> 16;
}
